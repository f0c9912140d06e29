package dev.sluice.demo.backend;

import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The backend's own word on its health, in the shape of Spring Boot's Actuator. */
final class HealthReport {
  private static final Duration DEADLINE = Duration.ofMillis(2_200);
  private static final int MAX_CAUSES = 5;

  private HealthReport() {}

  /** 200 {@code UP}, or 503 {@code DOWN} with what the database or the way to it said. */
  static Mono<Reply> of(Database database) {
    return database
        .with(
            c ->
                Flux.from(c.createStatement("select 1").execute())
                    .concatMap(Result::getRowsUpdated)
                    .then(Mono.just(true)))
        .timeout(DEADLINE)
        .map(up -> report(200, "UP", Map.of("database", "PostgreSQL")))
        .onErrorResume(e -> Mono.just(report(503, "DOWN", Map.of("error", text(e)))));
  }

  /** The error with its causes and the SQLSTATE, in one line. */
  static String text(Throwable error) {
    List<String> parts = new ArrayList<>();
    @Nullable Throwable next = error;
    while (next != null && parts.size() < MAX_CAUSES) {
      parts.add(next.getClass().getName() + ": " + next.getMessage() + state(next));
      next = next.getCause();
    }
    return String.join("; caused by ", parts);
  }

  private static String state(Throwable error) {
    String state = error instanceof R2dbcException known ? known.getSqlState() : null;
    return state == null ? "" : " [SQLSTATE " + state + "]";
  }

  private static Reply report(int status, String word, Map<String, String> details) {
    Map<String, Object> db = Map.of("status", word, "details", details);
    return Reply.json(status, Map.of("status", word, "components", Map.of("db", db)));
  }
}
