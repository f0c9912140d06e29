package dev.sluice.fallback.store;

import dev.sluice.config.Secret;
import dev.sluice.config.Store;
import dev.sluice.fallback.queue.Admission.Accepted;
import dev.sluice.fallback.queue.CapturedAnswer;
import dev.sluice.fallback.queue.Completion;
import dev.sluice.fallback.queue.Fingerprint;
import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Writes, stores and short ways to say things in the tests. */
final class Writes {
  static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
  static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
  static final String OTHER_KEY = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=";

  private Writes() {}

  static Store config(Path file) {
    return new Store(file.toString(), null, 10_000, 64L << 20, Duration.ofHours(1));
  }

  static Store sealed(Path file, String key) {
    return new Store(file.toString(), new Secret(key), 10_000, 64L << 20, Duration.ofHours(1));
  }

  static NewWrite put(String path, String body) {
    return write("PUT", path, path, null, body);
  }

  static NewWrite post(String clientKey, String body) {
    return write("POST", "/api/orders", null, clientKey, body);
  }

  static NewWrite write(
      String method, String target, String orderingKey, String clientKey, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return new NewWrite(
        "orders-write",
        method,
        target,
        "shop.example",
        List.of(Map.entry("If-Match", "\"7\""), Map.entry("Content-Type", "text/plain")),
        bytes,
        orderingKey,
        clientKey,
        Fingerprint.of(method, target, "text/plain", bytes),
        "principal-1",
        Duration.ofHours(2));
  }

  static Completion done() {
    return Completion.succeeded(
        new CapturedAnswer(201, List.of(Map.entry("Location", "/x")), new byte[] {1, 2, 3}));
  }

  /** The same of another principal. */
  static NewWrite of(String principal, NewWrite write) {
    return new NewWrite(
        write.routeId(),
        write.method(),
        write.target(),
        write.host(),
        write.headers(),
        write.body(),
        write.orderingKey(),
        write.clientKey(),
        write.fingerprint(),
        principal,
        write.ttl());
  }

  static <T> T now(CompletableFuture<T> future) {
    try {
      return future.get(10, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(e);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static String accept(WriteStore store, NewWrite write) {
    Accepted accepted = now(store.accept(write));
    return accepted.id();
  }

  static List<QueuedWrite> claim(WriteStore store, int limit) {
    return now(store.claim(limit, START, route -> true));
  }
}
