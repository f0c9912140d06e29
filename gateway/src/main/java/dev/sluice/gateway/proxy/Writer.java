package dev.sluice.gateway.proxy;

import dev.sluice.config.Principal;
import dev.sluice.config.Route;
import dev.sluice.config.Store;
import dev.sluice.config.Writes;
import dev.sluice.fallback.queue.Admission;
import dev.sluice.fallback.queue.Allowance;
import dev.sluice.fallback.queue.Fingerprint;
import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.queue.WriteQueue;
import dev.sluice.fallback.request.Credentials;
import dev.sluice.gateway.identity.Identities;
import dev.sluice.gateway.proxy.ExchangeObserver.Outcome;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Offers gathered writes to the queue and answers 202 once they are committed. */
final class Writer {
  /** How long a client waits for the commit before it is told 503. */
  static final Duration COMMIT_DEADLINE = Duration.ofSeconds(10);

  /** What a client's credentials must be good for beyond the outage. */
  private static final Duration LEAST_TIME = Duration.ofMinutes(10);

  private final DataPathServices services;

  Writer(DataPathServices services) {
    this.services = services;
  }

  /** Why this write cannot be kept, whatever its body is; null when it can. */
  @Nullable Problem refusal(Asked asked) {
    Writes writes = writes(asked);
    if (services.queue() == null) {
      return full("there is no write queue");
    }
    if (inTheClear()) {
      return notKept("nothing is kept in the clear, and the store has no key");
    }
    if (owner(asked) == null) {
      return notKept(
          writes.principal() instanceof Principal.Claim
              ? "a write without a token that is believed is not kept"
              : "a write without its principal's header is not kept");
    }
    if (!Credentials.in(asked.headerList())) {
      return null;
    }
    if (writes.principal() instanceof Principal.Anonymous || writes.replayAs() == null) {
      return notKept(
          "a write with credentials is kept only where its route declares principal and replay-as");
    }
    return writes.replayAs() == Writes.ReplayAs.CLIENT ? expiring(asked) : null;
  }

  /** The credentials that it would be replayed with end too soon to be of use. */
  private @Nullable Problem expiring(Asked asked) {
    Instant end = Identities.expires(asked.headers().get(HttpHeaderNames.AUTHORIZATION));
    return end != null && end.isBefore(services.clock().instant().plus(LEAST_TIME))
        ? notKept("a write whose token expires within ten minutes is not kept")
        : null;
  }

  private boolean inTheClear() {
    Store store = services.configuration().store();
    return (store == null || store.key() == null)
        && !services.configuration().environment().equals("demo");
  }

  private static Writes writes(Asked asked) {
    return Objects.requireNonNull(asked.matched().route().writes());
  }

  private @Nullable String owner(Asked asked) {
    return Owner.of(writes(asked).principal(), asked.headers(), services.identities());
  }

  void offer(
      Reception reception, ClientHandler client, Asked asked, byte[] body, Exchange waiting) {
    Problem refusal = refusal(asked);
    if (refusal != null) {
      reception.reject(client, asked, refusal);
      return;
    }
    WriteQueue queue = Objects.requireNonNull(services.queue());
    Writes writes = writes(asked);
    RequestSpans spans = asked.spans();
    Span queueing = spans == null ? Span.getInvalid() : spans.queueing();
    NewWrite write = write(asked, writes, Objects.requireNonNull(owner(asked)), body);
    queue
        .offer(write, allowance(asked, writes))
        .whenComplete(
            (admission, failure) -> {
              ended(queueing, admission, failure);
              client
                  .context()
                  .channel()
                  .eventLoop()
                  .execute(
                      () -> {
                        if (client.serves(waiting)) {
                          answer(reception, client, asked, write, admission, failure);
                        } else if (admission instanceof Admission.Accepted) {
                          reception.ended(asked, Outcome.QUEUED, 202);
                        }
                      });
            });
  }

  private static void ended(
      Span queueing, @Nullable Admission admission, @Nullable Throwable failure) {
    if (admission instanceof Admission.Accepted accepted) {
      queueing.setAttribute("messaging.message.id", accepted.id());
    } else {
      String why = failure == null ? String.valueOf(admission) : "the store failed";
      queueing.setStatus(StatusCode.ERROR, why);
    }
    queueing.end();
  }

  /** Where no route is essential nothing is kept free for those that are. */
  private static Allowance allowance(Asked asked, Writes writes) {
    List<Route> routes = asked.snapshot().configuration().routes();
    boolean essential =
        asked.matched().route().essential() || routes.stream().noneMatch(Route::essential);
    return new Allowance(essential, writes.quota());
  }

  /** As long as the route says, and no longer than the credentials that it is replayed with. */
  private Duration ttl(Asked asked, Writes writes) {
    Instant end =
        writes.replayAs() == Writes.ReplayAs.CLIENT
            ? Identities.expires(asked.headers().get(HttpHeaderNames.AUTHORIZATION))
            : null;
    if (end == null) {
      return writes.ttl();
    }
    Duration left = Duration.between(services.clock().instant(), end);
    return left.compareTo(writes.ttl()) < 0 ? left : writes.ttl();
  }

  private NewWrite write(Asked asked, Writes writes, String owner, byte[] body) {
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
        ttl(asked, writes),
        writes.replayAs() == Writes.ReplayAs.GATEWAY
            ? Owner.named(writes.principal(), asked.headers(), services.identities())
            : null);
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
      NewWrite write,
      @Nullable Admission admission,
      @Nullable Throwable failure) {
    if (admission instanceof Admission.Accepted accepted) {
      reception.end(client, asked, Outcome.QUEUED, accepted(asked, write, accepted));
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
    } else if (admission instanceof Admission.OverQuota over) {
      String detail = "the write was not kept: " + over.reason();
      reception.reject(
          client, asked, Problem.retryable(429, "Too Many Requests", detail, retryAfter()));
    } else {
      if (failure != null) {
        services.observer().fault("write queue", failure);
      }
      reception.reject(
          client,
          asked,
          full(
              admission instanceof Admission.Full refused ? refused.reason() : "the store failed"));
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

  private FullHttpResponse accepted(Asked asked, NewWrite write, Admission.Accepted accepted) {
    FullHttpResponse response =
        Answers.of(202, "application/json", body(write, accepted).getBytes(StandardCharsets.UTF_8));
    response
        .headers()
        .set(HttpHeaderNames.LOCATION, MonitorDesk.PREFIX + accepted.id())
        .set(HttpHeaderNames.RETRY_AFTER, retryAfter().toSeconds())
        .set(Headers.MODE, asked.mode());
    if (asked.prefersAsync()) {
      response.headers().set("Preference-Applied", "respond-async");
    }
    return response;
  }

  /** Of a write that was accepted before it is not known here when it expires. */
  private String body(NewWrite write, Admission.Accepted accepted) {
    String location = MonitorDesk.PREFIX + accepted.id();
    Instant end = services.clock().instant().plus(write.ttl()).truncatedTo(ChronoUnit.SECONDS);
    return "{\"status\":\"queued\",\"id\":\""
        + accepted.id()
        + "\",\"monitor\":\""
        + location
        + (accepted.existing() ? "" : "\",\"expires-at\":\"" + end)
        + "\",\"durable\":"
        + services.queues().durable()
        + "}";
  }
}
