package dev.sluice.config;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where spans and numbers are sent by themselves (OTLP over HTTP), besides what is scraped.
 *
 * @param service what the gateway is called there
 * @param otlp without the paths {@code /v1/traces} and {@code /v1/metrics}; null: nothing is sent
 * @param headers shown to the receiver
 * @param tracesOneIn of requests one in so many has its spans sent; 0: none has
 * @param metricsEvery null: numbers are scraped alone
 */
public record Exports(
    String service,
    @Nullable URI otlp,
    Map<String, Secret> headers,
    int tracesOneIn,
    @Nullable Duration metricsEvery) {
  /** Nothing. */
  public static final Exports NONE = new Exports("sluice", null, Map.of(), 0, null);

  /** What {@code traces:} and {@code metrics:} mean that say no more. */
  static final int USUAL_ONE_IN = 100;

  static final Duration USUAL_EVERY = Duration.ofMinutes(1);

  public Exports {
    headers = Map.copyOf(headers);
  }

  /** Whether spans are recorded. */
  public boolean traces() {
    return otlp != null && tracesOneIn > 0;
  }
}
