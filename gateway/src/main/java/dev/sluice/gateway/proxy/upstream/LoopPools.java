package dev.sluice.gateway.proxy.upstream;

import dev.sluice.config.Backend;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The upstream pools of one event loop, by backend as the configuration has it, so that one that
 * changed has a new pool; used on that loop alone.
 */
public final class LoopPools {
  private final Function<Backend, UpstreamPool> opener;
  private final Map<String, UpstreamPool> pools = new HashMap<>();

  /** Let go of, for requests that began before; they keep nothing. */
  private final Map<Backend, UpstreamPool> leaving = new HashMap<>();

  private @Nullable Set<Backend> kept;

  LoopPools(Function<Backend, UpstreamPool> opener) {
    this.opener = opener;
  }

  /** The pool of a backend; one that was let go of has a pool that keeps nothing. */
  public UpstreamPool to(Backend backend) {
    UpstreamPool known = pools.get(backend.id());
    return known != null && known.is(backend) ? known : other(backend, known);
  }

  private UpstreamPool other(Backend backend, @Nullable UpstreamPool known) {
    if (kept != null && !kept.contains(backend)) {
      UpstreamPool late = leaving.computeIfAbsent(backend, opener);
      late.retire();
      return late;
    }
    UpstreamPool pool = opener.apply(backend);
    pools.put(backend.id(), pool);
    if (known != null) {
      retire(known);
    }
    return pool;
  }

  private void retire(UpstreamPool pool) {
    leaving.put(pool.backend(), pool);
    pool.retire();
  }

  /** Retires the pools of all backends but these. */
  void keep(Set<Backend> backends) {
    kept = backends;
    leaving.clear();
    pools.values().stream()
        .filter(pool -> !backends.contains(pool.backend()))
        .forEach(this::retire);
    pools.values().removeIf(pool -> !backends.contains(pool.backend()));
  }
}
