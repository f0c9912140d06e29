package dev.sluice.gateway.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import dev.sluice.gateway.health.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/**
 * Log lines as Cloud Logging reads them: one JSON object a line with {@code severity}, {@code
 * message}, {@code time}, {@code logger}, {@code thread}, the key-value pairs of SLF4J's fluent
 * calls as members of their own, the labels of a Cloud Run instance, and {@code stack_trace} where
 * something was thrown.
 */
public final class JsonLines extends LayoutBase<ILoggingEvent> {
  private static final String LABELS = "logging.googleapis.com/labels";

  private final Map<String, String> labels;

  /** Labelled as the environment says. */
  public JsonLines() {
    this(CloudRunInstance.labels(System::getenv));
  }

  JsonLines(Map<String, String> labels) {
    this.labels = labels;
  }

  @Override
  public String doLayout(ILoggingEvent line) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("severity", severity(line.getLevel()));
    out.put("message", String.valueOf(line.getFormattedMessage()));
    out.put("time", line.getInstant().toString());
    out.put("logger", line.getLoggerName());
    out.put("thread", line.getThreadName());
    if (!labels.isEmpty()) {
      out.put(LABELS, labels);
    }
    if (line.getKeyValuePairs() != null) {
      for (KeyValuePair pair : line.getKeyValuePairs()) {
        out.putIfAbsent(pair.key, plain(pair.value));
      }
    }
    IThrowableProxy thrown = line.getThrowableProxy();
    if (thrown != null) {
      out.put("stack_trace", ThrowableProxyUtil.asString(thrown));
    }
    return Json.text(out) + "\n";
  }

  private static Object plain(Object value) {
    return value instanceof Number || value instanceof Boolean || value instanceof Map
        ? value
        : String.valueOf(value);
  }

  private static String severity(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> "ERROR";
      case Level.WARN_INT -> "WARNING";
      case Level.INFO_INT -> "INFO";
      default -> "DEBUG";
    };
  }
}
