package dev.sluice.demo.backend;

import io.r2dbc.pool.PoolMetrics;
import java.nio.charset.StandardCharsets;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/** The pool's figures in Prometheus' text format, under the names that Spring Boot gives them. */
final class PoolFigures {
  private PoolFigures() {}

  static Publisher<Void> send(HttpServerResponse out, Database database) {
    return out.header("X-Application", "orders")
        .header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        .sendByteArray(Mono.just(text(database).getBytes(StandardCharsets.UTF_8)))
        .then();
  }

  private static String text(Database database) {
    PoolMetrics pool = database.metrics();
    return gauge("acquired_connections", pool.acquiredSize())
        + gauge("allocated_connections", pool.allocatedSize())
        + gauge("idle_connections", pool.idleSize())
        + gauge("pending_connections", pool.pendingAcquireSize())
        + gauge("max_allocated_connections", pool.getMaxAllocatedSize())
        + gauge("max_pending_connections", pool.getMaxPendingAcquireSize())
        + gauge("rebuilds", database.rebuilds());
  }

  private static String gauge(String name, int value) {
    String full = "r2dbc_pool_" + name;
    return "# TYPE " + full + " gauge\n" + full + "{name=\"orders\"} " + value + "\n";
  }
}
