package dev.sluice.fallback.replay;

import dev.sluice.config.Principal;
import dev.sluice.config.Writes;
import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteQueue;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.replay.ReplayOutcome.Answered;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Short ways to say writes and outcomes. */
final class Sent {
  static final Instant START = Instant.EPOCH;
  static final String ROUTE = "orders-write";
  static final Writes PLAIN = options(false);
  static final Writes DECLARED = options(true);

  private Sent() {}

  static Writes options(boolean honoursKey) {
    return options(honoursKey, Writes.OnDead.CONTINUE);
  }

  static Writes options(boolean honoursKey, Writes.OnDead onDead) {
    return new Writes(
        Writes.Accept.ALWAYS,
        null,
        new Principal.Public(),
        Duration.ofHours(2),
        1 << 20,
        Duration.ofSeconds(60),
        false,
        honoursKey,
        onDead,
        null,
        null);
  }

  static NewWrite put(String path) {
    return request(ROUTE, "PUT", path, null);
  }

  /** One that may wait for so long, with these headers. */
  static NewWrite put(String path, Duration ttl, List<Map.Entry<String, String>> headers) {
    return new NewWrite(
        ROUTE,
        "PUT",
        path,
        "shop.example",
        headers,
        new byte[] {1},
        path,
        null,
        "PUT" + path,
        "somebody",
        ttl);
  }

  static NewWrite post(String clientKey) {
    return request(ROUTE, "POST", "/api/orders", clientKey);
  }

  static NewWrite request(String route, String method, String path, String clientKey) {
    return new NewWrite(
        route,
        method,
        path,
        "shop.example",
        List.of(),
        new byte[] {1},
        WriteQueue.orderingKey(method, path.replaceFirst("[?].*", "")),
        clientKey,
        method + path,
        "somebody",
        Duration.ofHours(2));
  }

  static QueuedWrite claimed(NewWrite request, int attempts, boolean interrupted) {
    return new QueuedWrite(
        "id-1",
        1,
        WriteState.IN_FLIGHT,
        attempts,
        1,
        START,
        START.plus(request.ttl()),
        START,
        null,
        interrupted,
        null,
        null,
        request);
  }

  static Answered answer(int status) {
    return new Answered(status, List.of(), new byte[0]);
  }

  static Answered answer(int status, String retryAfter) {
    return new Answered(status, List.of(Map.entry("retry-after", retryAfter)), new byte[0]);
  }
}
