package dev.sluice.demo.fleet;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Users who read through every gateway, twice a second each; what they are answered is let go. */
final class Readers implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final List<Instance> gateways;

  Readers(List<Instance> gateways) {
    this.gateways = gateways;
    clock.scheduleAtFixedRate(this::read, 0, 500, TimeUnit.MILLISECONDS);
  }

  private void read() {
    for (Instance each : gateways) {
      if (each.answers()) {
        URI orders = URI.create("http://127.0.0.1:" + each.port() + "/api/orders");
        client.sendAsync(
            HttpRequest.newBuilder(orders).timeout(PATIENCE).build(),
            HttpResponse.BodyHandlers.discarding());
      }
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
