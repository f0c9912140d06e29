package dev.sluice.probes.history;

import dev.sluice.probes.verdict.PoolFigures;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The last hour of the backends' connection pools. Fed by one thread; what came of it is read on
 * any.
 */
public final class PoolHistory {
  private static final int RECENT = 5;

  /** Of these many figures one may speak. */
  private static final int ENOUGH = 20;

  private final Map<String, Line> lines = new LinkedHashMap<>();
  private final Consumer<PoolSeries> begun;
  private volatile List<PoolSeries> series = List.of();

  /**
   * @param begun told where a pool begins to run short
   */
  public PoolHistory(Consumer<PoolSeries> begun) {
    this.begun = begun;
  }

  /** One backend's. */
  private static final class Line {
    final Minutes used = new Minutes();
    final Minutes waiting = new Minutes();
    PoolSeries latest = new PoolSeries("", -1, -1, -1, -1, 0);
    boolean told;
  }

  /** Takes a backend's figures into account. */
  public void told(String backend, PoolFigures figures, Instant at) {
    long minute = Math.floorDiv(at.getEpochSecond(), 60L);
    Line line = lines.computeIfAbsent(backend, id -> new Line());
    line.used.held(minute, figures.acquired());
    line.waiting.held(minute, figures.pending());
    int[] recent = line.used.sorted(minute, RECENT);
    line.latest =
        new PoolSeries(
            backend,
            Minutes.quantile(recent, .5),
            Minutes.quantile(recent, .99),
            Minutes.quantile(line.used.sorted(minute, Minutes.KEPT), .99),
            Minutes.quantile(line.waiting.sorted(minute, RECENT), .99),
            figures.max());
    boolean scarce = recent.length >= ENOUGH && line.latest.degrading();
    if (scarce && !line.told) {
      begun.accept(line.latest);
    }
    line.told = scarce;
    publish();
  }

  private void publish() {
    series = lines.values().stream().map(line -> line.latest).toList();
  }

  /** How each pool was lately. */
  public List<PoolSeries> series() {
    return series;
  }

  /** Forgets all backends but these. */
  public void keep(Set<String> backends) {
    lines.keySet().retainAll(backends);
    publish();
  }
}
