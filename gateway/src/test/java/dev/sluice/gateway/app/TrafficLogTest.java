package dev.sluice.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.config.AccessLog;
import dev.sluice.config.Alerts;
import dev.sluice.config.Exports;
import dev.sluice.config.Operation;
import dev.sluice.config.Validation;
import dev.sluice.gateway.proxy.ExchangeObserver;
import dev.sluice.gateway.proxy.ExchangeObserver.Ended;
import dev.sluice.gateway.proxy.ExchangeObserver.Outcome;
import dev.sluice.gateway.telemetry.JsonLines;
import dev.sluice.gateway.telemetry.Telemetry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class TrafficLogTest {
  private static Ended ended(int status) {
    return ended("id-1", status);
  }

  private static Ended ended(String id, int status) {
    return new Ended(
        id,
        new ExchangeObserver.Origin() {
          @Override
          public String traceId() {
            return "0af7651916cd43dd8448eb211c80319c";
          }

          @Override
          public String client() {
            return "2001:db8::1";
          }

          @Override
          public String pattern() {
            return "/api/**";
          }

          @Override
          public boolean secure() {
            return false;
          }

          @Override
          public int version() {
            return 1;
          }

          @Override
          public @Nullable String recordedTrace() {
            return null;
          }
        },
        "api",
        Outcome.UPSTREAM_FAILED,
        "GET",
        "/api/x",
        status,
        3_000_000);
  }

  private static final Operation.Platform PLATFORM =
      new Operation.Platform(
          Operation.Platform.Kind.GCP,
          "shop-staging",
          "europe-west1",
          null,
          Map.of(),
          Map.of(),
          false);

  private static List<String> logged(AccessLog log, Ended... exchanges) {
    Logger access = (Logger) LoggerFactory.getLogger("sluice.access");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    access.addAppender(lines);
    try (Telemetry telemetry = new Telemetry()) {
      TrafficLog traffic =
          new TrafficLog(
              telemetry,
              new Tally(),
              new Chronicle(Instant::now),
              exchange -> {},
              () ->
                  new Operation(
                      Map.of(), PLATFORM, null, log, Alerts.NONE, Exports.NONE, Validation.USUAL));
      for (Ended exchange : exchanges) {
        traffic.ended(exchange);
      }
    } finally {
      access.detachAppender(lines);
    }
    return lines.list.stream()
        .filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
        .map(line -> new JsonLines().doLayout(line))
        .toList();
  }

  @Test
  void aFailedExchangeIsLoggedWithItsClientAndTrace() {
    List<String> lines = logged(AccessLog.DEFAULT, ended(502), ended(200));
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0))
        .contains("\"traceId\":\"0af7651916cd43dd8448eb211c80319c\"")
        .contains(
            "\"logging.googleapis.com/trace\":"
                + "\"projects/shop-staging/traces/0af7651916cd43dd8448eb211c80319c\"")
        .contains("\"logging.googleapis.com/trace_sampled\":false")
        .contains("\"requestId\":\"id-1\"", "\"httpRequest\":{\"requestMethod\":\"GET\"")
        .contains("\"latency\":\"0.003000s\"", "\"remoteIp\":\"2001:db8::1\"");
  }

  @Test
  void allAreLoggedWhereTheFilesSaySo() {
    List<String> lines = logged(new AccessLog(AccessLog.Lines.ALL, 1), ended(200), ended(502));
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).contains("\"severity\":\"INFO\"", "\"status\":200");
  }

  @Test
  void oneInSoManyIsLoggedAndEveryFailure() {
    AccessLog some = new AccessLog(AccessLog.Lines.ALL, 10);
    Ended[] exchanges = new Ended[2000];
    for (int i = 0; i < exchanges.length; i++) {
      exchanges[i] = ended("request-" + i, i < 1000 ? 200 : 502);
    }
    List<String> lines = logged(some, exchanges);
    assertThat(lines.stream().filter(line -> line.contains("\"status\":200")).count())
        .isBetween(60L, 140L);
    assertThat(lines.stream().filter(line -> line.contains("\"status\":502")).count())
        .isEqualTo(1000);
    assertThat(logged(some, exchanges)).as("the same ones again").hasSameSizeAs(lines);
  }

  @Test
  void nothingIsLoggedWhereNothingIsWanted() {
    assertThat(logged(new AccessLog(AccessLog.Lines.NONE, 1), ended(502))).isEmpty();
  }
}
