package dev.sluice.gateway.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Log lines for whoever reads them: a person at a terminal gets plain text, a collector JSON
 * ({@link JsonLines}). {@code SLUICE_LOG_FORMAT} may say {@code text} or {@code json}.
 */
public final class LogLines extends LayoutBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  private final boolean plain;
  private final JsonLines json = new JsonLines();

  /** As the environment says, else as what stdout is. */
  public LogLines() {
    this(plain(System.getenv("SLUICE_LOG_FORMAT"), Terminal.isStdout()));
  }

  LogLines(boolean plain) {
    this.plain = plain;
  }

  static boolean plain(@Nullable String wanted, boolean terminal) {
    return "text".equals(wanted) || (terminal && !"json".equals(wanted));
  }

  @Override
  public String doLayout(ILoggingEvent line) {
    return plain ? text(line) : json.doLayout(line);
  }

  private static String text(ILoggingEvent line) {
    Instant at = line.getInstant();
    StringBuilder text = new StringBuilder(TIME.format(at));
    text.append(line.getLevel().isGreaterOrEqual(Level.WARN) ? " " + line.getLevel() : "");
    text.append("  ").append(shown(line.getFormattedMessage()));
    if (line.getKeyValuePairs() != null) {
      text.append(
          line.getKeyValuePairs().stream()
              .map(pair -> pair.key + "=" + shown(String.valueOf(pair.value)))
              .collect(Collectors.joining(" ", "  ", "")));
    }
    IThrowableProxy thrown = line.getThrowableProxy();
    return text.append('\n')
        .append(thrown == null ? "" : ThrowableProxyUtil.asString(thrown))
        .toString();
  }

  /** What a client sent may move nobody's cursor. */
  private static String shown(@Nullable String text) {
    return text == null ? "" : text.replaceAll("\\p{Cntrl}", "?");
  }
}
