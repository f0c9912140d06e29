package dev.sluice.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LogLinesTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

  private final LoggerContext context = new LoggerContext();
  private final Logger logger = context.getLogger("sluice.access");

  private LoggingEvent line(Level level, Instant at, String text, Object... values) {
    LoggingEvent line = new LoggingEvent("x", logger, level, text, null, values);
    line.setInstant(at);
    return line;
  }

  @Test
  void aTerminalGetsTextAndNoClientMovesItsCursor() {
    LoggingEvent line = line(Level.WARN, NOON, "{} on route {}", "forwarded", "a\u001b[2J\nb");
    line.addKeyValuePair(new KeyValuePair("requestId", "id\r1"));
    String text = new LogLines(true).doLayout(line);
    assertThat(text)
        .matches("\\d\\d:00:00\\.000 WARN  forwarded on route a\\?\\[2J\\?b  requestId=id\\?1\n");
  }

  @Test
  void aCollectorGetsJson() {
    assertThat(new LogLines(false).doLayout(line(Level.INFO, NOON, "it listens")))
        .startsWith("{\"severity\":\"INFO\",\"message\":\"it listens\"");
  }

  @Test
  void onCloudRunEveryLineNamesItsRevision() {
    Map<String, String> environment = Map.of("K_SERVICE", "orders", "K_REVISION", "orders-00042");
    Map<String, String> labels = CloudRunInstance.labels(environment::get);
    assertThat(new JsonLines(labels).doLayout(line(Level.INFO, NOON, "it listens")))
        .contains(
            "\"logging.googleapis.com/labels\":{\"revision\":\"orders-00042\",\"service\":\"orders\"}");
    assertThat(CloudRunInstance.labels(name -> null)).isEmpty();
  }

  @Test
  void theEnvironmentHasTheLastWord() {
    assertThat(LogLines.plain(null, true)).isTrue();
    assertThat(LogLines.plain(null, false)).isFalse();
    assertThat(LogLines.plain("json", true)).isFalse();
    assertThat(LogLines.plain("text", false)).isTrue();
    assertThat(LogLines.plain("what", false)).isFalse();
  }

  private ListAppender<ILoggingEvent> limited(LineLimit limit) {
    ListAppender<ILoggingEvent> behind = new ListAppender<>();
    behind.start();
    limit.setContext(context);
    limit.addAppender(behind);
    limit.setMost(3);
    limit.start();
    return behind;
  }

  @Test
  void warningsThatAreAlikeAreLimitedAndCounted() {
    LineLimit limit = new LineLimit();
    ListAppender<ILoggingEvent> behind = limited(limit);
    for (int i = 0; i < 50; i++) {
      limit.doAppend(line(Level.WARN, NOON.plusMillis(i), "refused {}", i));
      limit.doAppend(line(Level.INFO, NOON.plusMillis(i), "served {}", i));
    }
    limit.doAppend(line(Level.ERROR, NOON.plusMillis(60), "another kind"));
    assertThat(texts(behind)).filteredOn(text -> text.startsWith("refused")).hasSize(3);
    assertThat(texts(behind)).filteredOn(text -> text.startsWith("served")).hasSize(50);
    assertThat(texts(behind)).contains("another kind");

    limit.doAppend(line(Level.WARN, NOON.plusSeconds(11), "refused {}", "again"));
    limit.doAppend(line(Level.WARN, NOON.plusSeconds(22), "refused {}", "and again"));
    assertThat(texts(behind).subList(54, 57))
        .containsExactly(
            "47 lines like the next one were left out", "refused again", "refused and again");
  }

  private static List<String> texts(ListAppender<ILoggingEvent> lines) {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
