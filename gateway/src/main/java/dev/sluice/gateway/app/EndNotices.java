package dev.sluice.gateway.app;

import dev.sluice.config.Writes.Webhook;
import dev.sluice.fallback.queue.CapturedAnswer;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.gateway.alerts.Signature;
import dev.sluice.gateway.health.Json;
import dev.sluice.gateway.outbound.OutboundClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells webhooks how writes ended: a POST of JSON with a {@link Signature}. Five tries, a second
 * apart at first and twice as long each time; one slow receiver keeps no other waiting. What a stop
 * of the gateway cuts off is not told again.
 */
final class EndNotices {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.notices");
  private static final Duration PATIENCE = Duration.ofSeconds(4);
  private static final int TRIES = 5;
  private static final int MOST = 1000;

  private final InstantSource clock;
  private final OutboundClient client = new OutboundClient(PATIENCE);
  private final AtomicInteger underWay = new AtomicInteger();

  EndNotices(InstantSource clock) {
    this.clock = clock;
  }

  /** Never blocks; beyond a thousand notices under way one is dropped, with a line in the log. */
  void tell(
      Webhook hook,
      QueuedWrite write,
      WriteState end,
      @Nullable CapturedAnswer answer,
      @Nullable String error) {
    if (underWay.incrementAndGet() > MOST) {
      underWay.decrementAndGet();
      LOG.error("too many notices wait: the end of write {} is not told", write.id());
      return;
    }
    attempt(hook, write.id(), body(write, end, answer, error), 1);
  }

  private static byte[] body(
      QueuedWrite write, WriteState end, @Nullable CapturedAnswer answer, @Nullable String error) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("id", write.id());
    out.put("state", end.name().toLowerCase(Locale.ROOT));
    out.put("route", write.request().routeId());
    out.put("method", write.request().method());
    out.put("target", write.request().target());
    out.put("attempts", write.attempts());
    out.put("accepted-at", write.createdAt().toString());
    if (answer != null) {
      out.put("answer-status", answer.status());
    }
    if (error != null) {
      out.put("error", error);
    }
    return Json.bytes(out);
  }

  private void attempt(Webhook hook, String id, byte[] body, int number) {
    long now = clock.instant().getEpochSecond();
    HttpRequest request =
        HttpRequest.newBuilder(hook.url())
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .header(Signature.FIELD, Signature.of(hook.key(), now, body))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    client
        .sendAsync(request, HttpResponse.BodyHandlers.discarding())
        .whenComplete(
            (answer, failure) -> {
              boolean taken = failure == null && answer.statusCode() / 100 == 2;
              String why = failure == null ? "status " + answer.statusCode() : failure.toString();
              came(hook, id, body, number, taken, why);
            });
  }

  private void came(Webhook hook, String id, byte[] body, int number, boolean taken, String why) {
    if (taken || number >= TRIES) {
      underWay.decrementAndGet();
      if (!taken) {
        LOG.error("the end of write {} is not told, after {} tries: {}", id, number, why);
      }
      return;
    }
    Executor later = CompletableFuture.delayedExecutor(1L << (number - 1), TimeUnit.SECONDS);
    later.execute(() -> attempt(hook, id, body, number + 1));
  }
}
