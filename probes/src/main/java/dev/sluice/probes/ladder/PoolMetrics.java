package dev.sluice.probes.ladder;

import dev.sluice.probes.verdict.PoolFigures;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds connection pools' figures in Prometheus' text format (version 0.0.4), under the names that
 * Micrometer gives r2dbc-pool and HikariCP.
 */
final class PoolMetrics {
  private static final Pattern LINE =
      Pattern.compile("((?:r2dbc_pool|hikaricp)_[a-z_]+)(\\{[^}]*})? +([0-9.eE+]{1,20})( .*)?");
  private static final Pattern POOL = Pattern.compile("(?:name|pool)=\"([^\"]*)\"");
  private static final Map<String, Figure> NAMES =
      Map.ofEntries(
          Map.entry("r2dbc_pool_allocated_connections", Figure.ALLOCATED),
          Map.entry("r2dbc_pool_acquired_connections", Figure.ACQUIRED),
          Map.entry("r2dbc_pool_idle_connections", Figure.IDLE),
          Map.entry("r2dbc_pool_max_allocated_connections", Figure.MAX),
          Map.entry("r2dbc_pool_pending_connections", Figure.PENDING),
          Map.entry("hikaricp_connections", Figure.ALLOCATED),
          Map.entry("hikaricp_connections_active", Figure.ACQUIRED),
          Map.entry("hikaricp_connections_idle", Figure.IDLE),
          Map.entry("hikaricp_connections_max", Figure.MAX),
          Map.entry("hikaricp_connections_pending", Figure.PENDING));

  private PoolMetrics() {}

  private enum Figure {
    ALLOCATED,
    ACQUIRED,
    IDLE,
    MAX,
    PENDING
  }

  /** The figures of the pool that most callers wait for; null where none shows all five. */
  static @Nullable PoolFigures in(String text) {
    Map<String, Map<Figure, Integer>> pools = new HashMap<>();
    text.lines().forEach(line -> read(line, pools));
    PoolFigures found = null;
    for (Map<Figure, Integer> pool : pools.values()) {
      PoolFigures figures = whole(pool);
      if (figures != null && (found == null || figures.pending() > found.pending())) {
        found = figures;
      }
    }
    return found;
  }

  private static void read(String line, Map<String, Map<Figure, Integer>> pools) {
    Matcher matcher = LINE.matcher(line);
    Figure figure = matcher.matches() ? NAMES.get(matcher.group(1)) : null;
    if (figure == null) {
      return;
    }
    String labels = matcher.group(2) == null ? "" : matcher.group(2);
    Matcher name = POOL.matcher(labels);
    String pool = matcher.group(1).substring(0, 4) + (name.find() ? name.group(1) : labels);
    try {
      int value = (int) Math.min(1_000_000, Double.parseDouble(matcher.group(3)));
      pools.computeIfAbsent(pool, key -> new HashMap<>()).put(figure, value);
    } catch (NumberFormatException none) {
      // A line that is no figure says nothing.
    }
  }

  private static @Nullable PoolFigures whole(Map<Figure, Integer> pool) {
    return pool.size() < Figure.values().length
        ? null
        : new PoolFigures(
            pool.getOrDefault(Figure.ALLOCATED, 0),
            pool.getOrDefault(Figure.ACQUIRED, 0),
            pool.getOrDefault(Figure.IDLE, 0),
            pool.getOrDefault(Figure.MAX, 0),
            pool.getOrDefault(Figure.PENDING, 0));
  }
}
