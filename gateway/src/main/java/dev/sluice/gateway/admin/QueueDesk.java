package dev.sluice.gateway.admin;

import dev.sluice.config.Route;
import dev.sluice.config.Writes;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.queue.WriteStore;
import dev.sluice.gateway.admin.AdminDesk.Question;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The queued writes for operators, with the verbs of {@code sluice queue}: {@code GET /queue} and
 * {@code GET /queue/ID}, {@code POST /queue/ID/retry}, {@code DELETE /queue/ID} discards, {@code
 * POST /queue/verify} reads everything.
 */
final class QueueDesk {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.admin");
  private static final String PREFIX = "/queue/";
  private static final String RETRY = "/retry";
  private static final int LISTED = 100;
  private static final int LARGEST_LIST = 1000;
  private static final Duration DEFAULT_TTL = Duration.ofHours(24);

  private final AdminSources sources;

  QueueDesk(AdminSources sources) {
    this.sources = sources;
  }

  /** {@code GET /queue}, with {@code ?state=} and {@code ?limit=}. */
  Mono<Reply> list(Question q) {
    WriteStore store = sources.store();
    if (store == null) {
      return Mono.just(noStore());
    }
    Set<WriteState> states = QueueView.states(q.query().get("state"));
    Integer limit = limit(q.query().get("limit"));
    if (states == null || limit == null) {
      return Mono.just(
          Reply.problem(
              400,
              "The query is not understood",
              "state is a list of " + List.of(WriteState.values()) + ", limit from 1 to 1000."));
    }
    return Mono.fromFuture(() -> store.list(states, limit))
        .map(
            writes ->
                Reply.json(
                    QueueView.whole(
                        store.counts(),
                        store.oldestAge(),
                        store.healthy(),
                        store.reason(),
                        writes,
                        this::orphaned)));
  }

  private static @Nullable Integer limit(@Nullable String text) {
    if (text == null) {
      return LISTED;
    }
    try {
      int limit = Integer.parseInt(text);
      return limit >= 1 && limit <= LARGEST_LIST ? limit : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** {@code GET /queue/ID}. */
  Mono<Reply> one(Question q) {
    WriteStore store = sources.store();
    if (store == null) {
      return Mono.just(noStore());
    }
    return Mono.fromFuture(() -> store.find(q.path().substring(PREFIX.length())))
        .map(
            found ->
                found
                    .map(w -> Reply.json(QueueView.write(w, orphaned(w))))
                    .orElseGet(AdminDesk::notFound));
  }

  /** Held for a route that is gone or queues no more. */
  private boolean orphaned(QueuedWrite write) {
    return write.state() == WriteState.QUEUED
        && sources.configuration().route(write.request().routeId()).map(Route::writes).isEmpty();
  }

  /** POST and DELETE below {@code /queue/}. */
  Mono<Reply> change(Question q) {
    boolean post = q.method().equals("POST");
    String rest = q.path().substring(PREFIX.length());
    if (rest.equals("verify")) {
      return post ? verify() : Mono.just(AdminDesk.notAllowed("POST"));
    }
    boolean retry = rest.endsWith(RETRY);
    if (retry != post) {
      return Mono.just(AdminDesk.notAllowed(retry ? "POST" : "GET, HEAD, DELETE"));
    }
    String id = retry ? rest.substring(0, rest.length() - RETRY.length()) : rest;
    return id.isEmpty() || id.contains("/") ? Mono.just(AdminDesk.notFound()) : act(id, retry);
  }

  private Mono<Reply> verify() {
    WriteStore store = sources.store();
    return store == null
        ? Mono.just(noStore())
        : Mono.fromFuture(store::verify).map(QueueDesk::verified);
  }

  private static Reply verified(Optional<String> problem) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("whole", problem.isEmpty());
    problem.ifPresent(text -> out.put("problem", text));
    return Reply.json(out);
  }

  private Mono<Reply> act(String id, boolean retry) {
    WriteStore store = sources.store();
    if (store == null) {
      return Mono.just(noStore());
    }
    return Mono.fromFuture(() -> store.find(id))
        .flatMap(
            found -> {
              if (found.isEmpty()) {
                return Mono.just(AdminDesk.notFound());
              }
              QueuedWrite write = found.get();
              return Mono.fromFuture(() -> change(store, write, retry))
                  .map(done -> acted(id, retry, done, write.state()));
            });
  }

  private CompletableFuture<Boolean> change(WriteStore store, QueuedWrite write, boolean retry) {
    if (retry) {
      return store.requeue(write.id(), ttl(write.request().routeId()));
    }
    return store
        .discard(write.id())
        .thenApply(
            done -> {
              if (done && !write.state().terminal()) {
                sources.withdrawn(write);
              }
              return done;
            });
  }

  private Duration ttl(String routeId) {
    return sources
        .configuration()
        .route(routeId)
        .map(Route::writes)
        .map(Writes::ttl)
        .orElse(DEFAULT_TTL);
  }

  private static Reply acted(String id, boolean retry, boolean done, WriteState before) {
    if (done) {
      LOG.info("operator: queued write {} {}", id, retry ? "put back" : "discarded");
      return Reply.json(Map.of("id", id, "done", retry ? "queued" : "discarded"));
    }
    return Reply.problem(
        409,
        "The write's state does not allow it",
        "It is " + QueueView.label(before) + (retry ? " or the queue is full." : "."));
  }

  private static Reply noStore() {
    return Reply.problem(404, "There is no queue", "No store is configured or it did not open.");
  }
}
