package dev.sluice.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.gateway.proxy.ExchangeObserver;
import dev.sluice.gateway.proxy.ExchangeObserver.Ended;
import dev.sluice.gateway.proxy.ExchangeObserver.Outcome;
import dev.sluice.gateway.telemetry.JsonLines;
import dev.sluice.gateway.telemetry.Telemetry;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class TrafficLogTest {
  private static Ended ended(int status) {
    return new Ended(
        "id-1",
        new ExchangeObserver.Origin() {
          @Override
          public String traceId() {
            return "0af7651916cd43dd8448eb211c80319c";
          }

          @Override
          public String client() {
            return "2001:db8::1";
          }
        },
        "api",
        Outcome.UPSTREAM_FAILED,
        "GET",
        "/api/x",
        status,
        3_000_000);
  }

  @Test
  void aFailedExchangeIsLoggedWithItsClientAndTrace() {
    Logger access = (Logger) LoggerFactory.getLogger("sluice.access");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    access.addAppender(lines);
    try (Telemetry telemetry = new Telemetry()) {
      new TrafficLog(telemetry).ended(ended(502));
    } finally {
      access.detachAppender(lines);
    }
    assertThat(lines.list).hasSize(1);
    assertThat(new JsonLines().doLayout(lines.list.get(0)))
        .contains("\"traceId\":\"0af7651916cd43dd8448eb211c80319c\"")
        .contains("\"client\":\"2001:db8::1\"", "\"requestId\":\"id-1\"", "\"ms\":3");
  }
}
