package dev.sluice.gateway.telemetry;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.jvm.convention.otel.OpenTelemetryJvmCpuMeterConventions;
import io.micrometer.core.instrument.binder.jvm.convention.otel.OpenTelemetryJvmMemoryMeterConventions;
import io.micrometer.core.instrument.binder.jvm.convention.otel.OpenTelemetryJvmThreadMeterConventions;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import java.lang.management.ManagementFactory;

/** What the Java runtime says of itself, by OpenTelemetry's names. */
final class JavaMeters {
  private static final String CPU_TIME = "jvm.cpu.time";
  private static final String SECONDS = "seconds";

  private JavaMeters() {}

  static void bind(MeterRegistry registry) {
    Tags none = Tags.empty();
    registry.config().meterFilter(MeterFilter.deny(JavaMeters::unusual));
    new JvmMemoryMetrics(none, new OpenTelemetryJvmMemoryMeterConventions(none)).bindTo(registry);
    new JvmThreadMetrics(none, new OpenTelemetryJvmThreadMeterConventions(none)).bindTo(registry);
    new ProcessorMetrics(none, new OpenTelemetryJvmCpuMeterConventions(none)).bindTo(registry);
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    FunctionCounter.builder(CPU_TIME, system, s -> s.getProcessCpuTime() / 1e9)
        .description("Processor time that the process has used.")
        .baseUnit(SECONDS)
        .register(registry);
  }

  /**
   * Gauges that are named like a histogram's part, against Prometheus' conventions; and a time that
   * is not in seconds, against OpenTelemetry's.
   */
  private static boolean unusual(Meter.Id id) {
    return switch (id.getName()) {
      case "system.cpu.count", "jvm.cpu.count" -> true;
      case CPU_TIME -> !SECONDS.equals(id.getBaseUnit());
      default -> false;
    };
  }
}
