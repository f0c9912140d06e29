package dev.sluice.gateway.proxy;

import dev.sluice.config.Principal;
import dev.sluice.config.Store;
import dev.sluice.config.Writes;
import dev.sluice.fallback.queue.Admission;
import dev.sluice.fallback.queue.Fingerprint;
import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.queue.WriteQueue;
import dev.sluice.fallback.request.Credentials;
import dev.sluice.gateway.proxy.ExchangeObserver.Outcome;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Offers gathered writes to the queue and answers 202 once they are committed. */
final class Writer {
  /** How long a client waits for the commit before it is told 503. */
  static final Duration COMMIT_DEADLINE = Duration.ofSeconds(10);

  private final DataPathServices services;

  Writer(DataPathServices services) {
    this.services = services;
  }

  /** Why this write cannot be kept, whatever its body is; null when it can. */
  @Nullable Problem refusal(Asked asked) {
    Writes writes = Objects.requireNonNull(asked.matched().route().writes());
    if (services.queue() == null) {
      return full("there is no write queue");
    }
    if (Owner.of(writes.principal(), asked.headers()) == null) {
      return notKept("a write without its principal's header is not kept");
    }
    if (!Credentials.in(asked.headerList())) {
      return null;
    }
    if (writes.principal() instanceof Principal.Anonymous || writes.replayAs() == null) {
      return notKept(
          "a write with credentials is kept only where its route declares principal and replay-as");
    }
    return inTheClear()
        ? notKept("a write with credentials is not kept in the clear, and the store has no key")
        : null;
  }

  private boolean inTheClear() {
    Store store = services.configuration().store();
    return (store == null || store.key() == null)
        && !services.configuration().environment().equals("demo");
  }

  void offer(
      Reception reception, ClientHandler client, Asked asked, byte[] body, Exchange waiting) {
    Problem refusal = refusal(asked);
    if (refusal != null) {
      reception.reject(client, asked, refusal);
      return;
    }
    WriteQueue queue = Objects.requireNonNull(services.queue());
    Writes writes = Objects.requireNonNull(asked.matched().route().writes());
    String owner = Objects.requireNonNull(Owner.of(writes.principal(), asked.headers()));
    NewWrite write = write(asked, writes, owner, body);
    queue
        .offer(write)
        .whenComplete(
            (admission, failure) ->
                client
                    .context()
                    .channel()
                    .eventLoop()
                    .execute(
                        () -> {
                          if (client.serves(waiting)) {
                            answer(reception, client, asked, admission, failure);
                          } else if (admission instanceof Admission.Accepted) {
                            reception.ended(asked, Outcome.QUEUED, 202);
                          }
                        }));
  }

  private static NewWrite write(Asked asked, Writes writes, String owner, byte[] body) {
    String target = asked.target().pathAndQuery();
    return new NewWrite(
        asked.matched().route().id(),
        asked.method(),
        target,
        asked.host(),
        replayed(asked, writes),
        body,
        WriteQueue.orderingKey(asked.method(), asked.target().path()),
        asked.idempotencyKey(),
        Fingerprint.of(
            asked.method(), target, asked.headers().get(HttpHeaderNames.CONTENT_TYPE), body),
        owner,
        writes.ttl());
  }

  /** What the replay sends; the client's credentials only where the route says so. */
  private static List<Map.Entry<String, String>> replayed(Asked asked, Writes writes) {
    HttpHeaders headers = Headers.toBackend(asked);
    headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
    headers.remove(HttpHeaderNames.CONTENT_LENGTH);
    headers.remove(HttpHeaderNames.HOST);
    return writes.replayAs() == Writes.ReplayAs.CLIENT
        ? headers.entries()
        : Credentials.without(headers.entries());
  }

  private void answer(
      Reception reception,
      ClientHandler client,
      Asked asked,
      @Nullable Admission admission,
      @Nullable Throwable failure) {
    if (admission instanceof Admission.Accepted accepted) {
      reception.end(client, asked, Outcome.QUEUED, accepted(asked, accepted));
    } else if (admission instanceof Admission.KeyConflict) {
      reception.reject(
          client,
          asked,
          Problem.of(422, "Idempotency-Key reused", "the key belongs to another request"));
    } else if (admission instanceof Admission.StillPersisting) {
      reception.reject(
          client,
          asked,
          Problem.of(409, "Conflict", "a request with this Idempotency-Key is being stored"));
    } else {
      if (failure != null) {
        services.observer().fault("write queue", failure);
      }
      boolean refused = admission instanceof Admission.Full;
      reception.reject(client, asked, full(refused ? "the write queue is full" : "it failed"));
    }
  }

  private Problem full(String why) {
    return Problem.retryable(
        503, "Service Unavailable", "the write was not kept: " + why, retryAfter());
  }

  private Problem notKept(String why) {
    return Problem.retryable(
        503, "Service Unavailable", "the backend is down, and " + why, retryAfter());
  }

  private Duration retryAfter() {
    return services.configuration().breaker().retryAfter();
  }

  private FullHttpResponse accepted(Asked asked, Admission.Accepted accepted) {
    String location = MonitorDesk.PREFIX + accepted.id();
    String json =
        "{\"status\":\"queued\",\"id\":\""
            + accepted.id()
            + "\",\"monitor\":\""
            + location
            + "\",\"durable\":true}";
    FullHttpResponse response =
        Answers.of(202, "application/json", json.getBytes(StandardCharsets.UTF_8));
    response
        .headers()
        .set(HttpHeaderNames.LOCATION, location)
        .set(HttpHeaderNames.RETRY_AFTER, retryAfter().toSeconds())
        .set(Headers.MODE, asked.mode());
    if (asked.prefersAsync()) {
      response.headers().set("Preference-Applied", "respond-async");
    }
    return response;
  }
}
