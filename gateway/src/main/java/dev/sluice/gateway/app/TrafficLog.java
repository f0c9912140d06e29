package dev.sluice.gateway.app;

import dev.sluice.config.Operation;
import dev.sluice.config.Operation.Platform;
import dev.sluice.config.Retry;
import dev.sluice.gateway.proxy.ExchangeObserver;
import dev.sluice.gateway.telemetry.Telemetry;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Counts every exchange, and logs those that the route files want logged. Refusals for the load's
 * sake have lines of their own, when they begin and when they end.
 */
final class TrafficLog implements ExchangeObserver {
  private static final Logger ACCESS = LoggerFactory.getLogger("sluice.access");
  private static final Logger FAULTS = LoggerFactory.getLogger("sluice.fault");

  /** Answers with 5xx that are nobody's failure, or have lines of their own. */
  private static final Set<Outcome> MEANT =
      EnumSet.of(Outcome.HEALTH, Outcome.ANSWERED, Outcome.SHED);

  private final Telemetry telemetry;
  private final Tally tally;
  private final Chronicle chronicle;
  private final Consumer<Ended> others;
  private final Supplier<Operation> operation;

  /**
   * @param others are told of each exchange
   * @param operation asked with each exchange
   */
  TrafficLog(
      Telemetry telemetry,
      Tally tally,
      Chronicle chronicle,
      Consumer<Ended> others,
      Supplier<Operation> operation) {
    this.telemetry = telemetry;
    this.tally = tally;
    this.chronicle = chronicle;
    this.others = others;
    this.operation = operation;
  }

  @Override
  public void ended(Ended exchange) {
    tally.ended(exchange);
    chronicle.ended(exchange);
    others.accept(exchange);
    telemetry.request(exchange);
    switch (exchange.outcome()) {
      case STORED_COPY -> telemetry.copyServed(exchange.routeId());
      case QUEUED -> telemetry.writeAccepted(exchange.routeId());
      default -> {}
    }
    boolean failed = exchange.status() >= 500 && !MEANT.contains(exchange.outcome());
    Operation now = operation.get();
    if (now.accessLog().takes(exchange.requestId(), failed)) {
      log(failed ? ACCESS.atWarn() : ACCESS.atInfo(), exchange, now.platform());
    } else if (ACCESS.isDebugEnabled()) {
      log(ACCESS.atDebug(), exchange, now.platform());
    }
  }

  /** One line for an exchange; whatever came from the client stands in members of its own. */
  private static void log(LoggingEventBuilder line, Ended exchange, @Nullable Platform platform) {
    String trace = exchange.origin().traceId();
    if (platform != null && !trace.equals("-")) {
      line =
          line.addKeyValue(
                  "logging.googleapis.com/trace",
                  "projects/" + platform.project() + "/traces/" + trace)
              .addKeyValue(
                  "logging.googleapis.com/trace_sampled",
                  exchange.origin().recordedTrace() != null);
    }
    line.addKeyValue("requestId", exchange.requestId())
        .addKeyValue("traceId", trace)
        .addKeyValue("route", exchange.routeId())
        .addKeyValue("outcome", exchange.outcome().label())
        .addKeyValue("httpRequest", httpRequest(exchange))
        .log("{} on route {}", exchange.outcome().label(), exchange.routeId());
  }

  /** As Cloud Logging reads it (its LogEntry's HttpRequest). */
  private static Map<String, Object> httpRequest(Ended exchange) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("requestMethod", exchange.method());
    request.put("requestUrl", exchange.path());
    request.put("status", exchange.status());
    request.put("latency", String.format(Locale.ROOT, "%.6fs", exchange.nanos() / 1e9));
    request.put("remoteIp", exchange.origin().client());
    return request;
  }

  @Override
  public void tried(Tried tried) {
    telemetry.tried(tried);
  }

  @Override
  public void cached(String routeId, Cached what) {
    telemetry.cached(routeId, what.label());
  }

  @Override
  public void retried(String routeId, Retry.On ended) {
    telemetry.retried(routeId, ended.label());
  }

  @Override
  public void differed(String routeId, String decision) {
    telemetry.differed(routeId, decision);
    ACCESS.info("route {} observes: {} instead of forward", routeId, decision);
  }

  @Override
  public void unlimited(String routeId, String refusal) {
    telemetry.differed(routeId, refusal);
  }

  @Override
  public void fault(String where, Throwable cause) {
    FAULTS.error("a fault in {}; the request was forwarded or refused", where, cause);
  }
}
