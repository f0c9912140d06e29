package dev.sluice.gateway.validate;

import dev.sluice.probes.validation.Outcome;
import dev.sluice.probes.validation.Step;
import dev.sluice.probes.verdict.PoolFigures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Asks a backend twice as much at once as its pool holds, for a few seconds: nobody may go away
 * empty-handed, and every connection must be given back. Blocks.
 */
public final class PoolStress {
  private static final String NAME = "pool";
  private static final int MOST_AT_ONCE = 64;
  private static final Duration LASTS = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final Duration LOOKS = Duration.ofMillis(500);

  private final String backend;
  private final Supplier<@Nullable PoolFigures> figures;
  private final Visitor visitor;
  private final String path;
  private final LongSupplier nanos;

  /**
   * @param figures what the pool says of itself; null where it says nothing
   * @param visitor of the backend itself: a gateway would ask once for all
   * @param path a read that needs a connection
   */
  public PoolStress(
      String backend,
      Supplier<@Nullable PoolFigures> figures,
      Visitor visitor,
      String path,
      LongSupplier nanos) {
    this.backend = backend;
    this.figures = figures;
    this.visitor = visitor;
    this.path = path;
    this.nanos = nanos;
  }

  /** One step. */
  public Step run() {
    long begun = nanos.getAsLong();
    PoolFigures before = figures.get();
    if (before == null || before.max() <= 0) {
      return step(Outcome.UNPROVEN, "it shows no pool: backends[].metrics names where", begun);
    }
    int atOnce = Math.min(MOST_AT_ONCE, 2 * before.max());
    int[] counts = stress(atOnce);
    String said = "%d requests, %d at once".formatted(counts[0], atOnce);
    if (counts[1] > 0) {
      return step(
          Outcome.FAILED, said + ": " + counts[1] + " got no answer or 5xx, starved", begun);
    }
    PoolFigures after = settled(before);
    if (after == null) {
      return step(Outcome.UNPROVEN, said + ": what the pool came to is not told", begun);
    }
    int kept = after.acquired() - before.acquired();
    return kept > 0 || after.pending() > 0
        ? step(
            Outcome.FAILED, said + ": " + kept + " connections are not given back, a leak", begun)
        : step(Outcome.PASSED, said + ": all answered, and every connection is back", begun);
  }

  private Step step(Outcome outcome, String sentence, long begun) {
    Duration took = Duration.ofNanos(nanos.getAsLong() - begun);
    return Step.of(NAME, backend, outcome, sentence, took);
  }

  /** Requests, and how many of them failed. */
  private int[] stress(int atOnce) {
    ExecutorService threads = Executors.newFixedThreadPool(atOnce);
    long end = nanos.getAsLong() + LASTS.toNanos();
    try {
      List<Future<int[]>> workers = new ArrayList<>();
      for (int i = 0; i < atOnce; i++) {
        workers.add(threads.submit(() -> work(end)));
      }
      int[] sum = new int[2];
      for (Future<int[]> worker : workers) {
        int[] counts = worker.get();
        sum[0] += counts[0];
        sum[1] += counts[1];
      }
      return sum;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new int[] {0, 1};
    } catch (ExecutionException e) {
      throw new IllegalStateException("a request could not be made", e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private int[] work(long end) {
    int[] counts = new int[2];
    while (nanos.getAsLong() - end < 0) {
      int status = visitor.readAnew(path).status();
      counts[0]++;
      counts[1] += status == 0 || status >= 500 ? 1 : 0;
    }
    return counts;
  }

  /** Once nobody waits and everything is back, or when it was waited for long enough. */
  private @Nullable PoolFigures settled(PoolFigures before) {
    long begun = nanos.getAsLong();
    PoolFigures now = figures.get();
    while (now != null
        && (now.acquired() > before.acquired() || now.pending() > 0)
        && nanos.getAsLong() - begun < PATIENCE.toNanos()) {
      Mono.delay(LOOKS).block();
      now = figures.get();
    }
    return now;
  }
}
