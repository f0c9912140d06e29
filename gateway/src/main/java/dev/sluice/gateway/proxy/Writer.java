package dev.sluice.gateway.proxy;

import dev.sluice.config.Writes;
import dev.sluice.fallback.queue.Admission;
import dev.sluice.fallback.queue.Fingerprint;
import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.queue.WriteQueue;
import dev.sluice.gateway.proxy.ExchangeObserver.Outcome;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Offers gathered writes to the queue and answers 202 once they are committed. */
final class Writer {
  /** How long a client waits for the commit before it is told 503. */
  static final Duration COMMIT_DEADLINE = Duration.ofSeconds(10);

  private static final Set<String> CREDENTIALS =
      Set.of("authorization", "cookie", "x-api-key", "x-goog-iap-jwt-assertion");

  private final DataPathServices services;

  Writer(DataPathServices services) {
    this.services = services;
  }

  void offer(
      Reception reception, ClientHandler client, Asked asked, byte[] body, Exchange waiting) {
    WriteQueue queue = services.queue();
    Writes writes = Objects.requireNonNull(asked.matched().route().writes());
    String owner = Owner.of(writes.principal(), asked.headers());
    if (queue == null || owner == null) {
      reception.reject(client, asked, owner == null ? unnamed() : full("there is no write queue"));
      return;
    }
    NewWrite write = write(reception, client, asked, writes, owner, body);
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
                          }
                        }));
  }

  private static NewWrite write(
      Reception reception,
      ClientHandler client,
      Asked asked,
      Writes writes,
      String owner,
      byte[] body) {
    String target = asked.target().pathAndQuery();
    return new NewWrite(
        asked.matched().route().id(),
        asked.method(),
        target,
        asked.host(),
        replayed(reception, client, asked, writes),
        body,
        WriteQueue.orderingKey(asked.method(), target),
        asked.idempotencyKey(),
        Fingerprint.of(
            asked.method(), target, asked.headers().get(HttpHeaderNames.CONTENT_TYPE), body),
        owner,
        writes.ttl());
  }

  /** What the replay sends; the client's credentials only where the route says so. */
  private static List<Map.Entry<String, String>> replayed(
      Reception reception, ClientHandler client, Asked asked, Writes writes) {
    HttpHeaders headers =
        Headers.toBackend(
            asked.headers(), reception.peer(client), reception.trusted(client), asked.requestId());
    headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
    headers.remove(HttpHeaderNames.CONTENT_LENGTH);
    headers.remove(HttpHeaderNames.HOST);
    if (writes.replayAs() != Writes.ReplayAs.CLIENT) {
      CREDENTIALS.forEach(headers::remove);
    }
    return headers.entries();
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

  private Problem unnamed() {
    return Problem.retryable(
        503,
        "Service Unavailable",
        "the backend is down, and a write without its principal's header is not kept",
        retryAfter());
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
        .set(Headers.MODE, asked.snapshot().posture().mode().label());
    if (asked.prefersAsync()) {
      response.headers().set("Preference-Applied", "respond-async");
    }
    return response;
  }
}
