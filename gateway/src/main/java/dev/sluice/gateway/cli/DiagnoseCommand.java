package dev.sluice.gateway.cli;

import dev.sluice.config.Configuration;
import dev.sluice.gateway.app.Clocks;
import dev.sluice.probes.monitor.Diagnosis;
import dev.sluice.probes.monitor.News;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code diagnose}: climbs the ladder from here and says what is wrong. */
@Command(
    name = "diagnose",
    mixinStandardHelpOptions = true,
    description = {
      "Climbs the ladder three times, asks each backend, and says what is wrong.",
      "Exit 0 healthy, 10 infrastructure, 11 application, 12 unknown. Of several faults",
      "infrastructure counts before application, and that before unknown. It is 12 as well",
      "where the limit came before the end, whatever is known by then."
    })
final class DiagnoseCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private RouteFiles files = new RouteFiles();

  @Option(names = "--dependency", paramLabel = "ID", description = "Only this one.")
  private @Nullable String dependency;

  @Option(names = "--format", defaultValue = "text", description = "text or json.")
  private CheckCommand.Format format = CheckCommand.Format.text;

  @Option(
      names = "--limit",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description = "When climbing ends; what is known by then is told. ${DEFAULT-VALUE} s.")
  private int limit = 120;

  @Override
  public Integer call() {
    Configuration configuration = files.loadOrTell(spec.commandLine().getErr());
    if (configuration == null) {
      return Exit.USAGE;
    }
    if (dependency != null && configuration.dependency(dependency).isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "there is no dependency " + dependency + " in the route files");
    }
    if (limit < 1) {
      throw new ParameterException(spec.commandLine(), "--limit is at least 1 second");
    }
    if (configuration.dependencies().isEmpty() && configuration.backends().isEmpty()) {
      throw new ParameterException(spec.commandLine(), "the route files name nothing to climb");
    }
    return diagnose(configuration);
  }

  private int diagnose(Configuration configuration) {
    PrintWriter out = spec.commandLine().getOut();
    boolean json = format == CheckCommand.Format.json;
    DiagnoseText text = new DiagnoseText(out, limit, configuration);
    DiagnoseReport report = new DiagnoseReport(configuration);
    Diagnosis.run(configuration, Clocks.instants(), Clocks.nanos(), Duration.ofSeconds(limit))
        .filter(this::wanted)
        .doOnNext(report::take)
        .doOnNext(json ? news -> {} : text::tell)
        .blockLast();
    if (json) {
      out.println(report.json());
    }
    out.flush();
    return report.exit();
  }

  private boolean wanted(News news) {
    return dependency == null || dependency.equals(news.subject());
  }
}
