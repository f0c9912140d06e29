package dev.sluice.fallback.cache;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A million small answers in a heap of the caller's choice, and how long it takes to look one up:
 * prints entries, used heap in MiB, and the median and 99th percentile of batches in nanoseconds.
 */
final class MillionCopies {
  private static final int COUNT = 1_000_000;
  private static final int BATCH = 100;
  private static final HeaderFields NOTHING = HeaderFields.of(List.of());

  private MillionCopies() {}

  public static void main(String[] arguments) {
    CopyStore store = new CopyStore(Long.MAX_VALUE >> 1);
    Instant now = Instant.now();
    List<Map.Entry<String, String>> headers =
        List.of(
            Map.entry("Content-Type", "application/json"),
            Map.entry("Date", "Sun, 01 Mar 2026 12:00:00 GMT"),
            Map.entry("Cache-Control", "max-age=600"),
            Map.entry("ETag", "\"0123456789abcdef\""));
    for (int i = 0; i < COUNT; i++) {
      byte[] body =
          ("{\"id\": " + i + ", \"item\": \"a book\", \"state\": \"sent\"}")
              .getBytes(StandardCharsets.UTF_8);
      store.keep(key(i), NOTHING, StoredCopy.answered(200, headers, body, now));
    }
    Runtime runtime = Runtime.getRuntime();
    System.gc();
    long used = runtime.totalMemory() - runtime.freeMemory();
    long[] nanos = times(store);
    System.out.printf(
        "%d entries, %d MiB used, lookup p50 %d ns, p99 %d ns%n",
        store.stats().entries(),
        used >> 20,
        nanos[nanos.length / 2],
        nanos[nanos.length * 99 / 100]);
  }

  private static CopyKey key(int number) {
    return new CopyKey("orders", "shop.example", "/api/orders/" + number, CopyKey.ANONYMOUS);
  }

  private static long[] times(CopyStore store) {
    SplittableRandom random = new SplittableRandom(7);
    long[] nanos = new long[40_000];
    CopyKey[] keys = new CopyKey[BATCH];
    int missed = 0;
    for (int round = 0; round < nanos.length; round++) {
      for (int i = 0; i < BATCH; i++) {
        keys[i] = key(random.nextInt(COUNT));
      }
      long begun = System.nanoTime();
      for (CopyKey key : keys) {
        missed += store.find(key, NOTHING) == null ? 1 : 0;
      }
      nanos[round] = (System.nanoTime() - begun) / BATCH;
    }
    if (missed > 0) {
      throw new IllegalStateException(missed + " were not found");
    }
    Arrays.sort(nanos);
    return nanos;
  }
}
