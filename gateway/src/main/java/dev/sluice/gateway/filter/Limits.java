package dev.sluice.gateway.filter;

import dev.sluice.config.Backend;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The limits of all backends. Safe from any thread. */
public final class Limits {
  private final Map<String, BackendLimit> limits = new ConcurrentHashMap<>();

  /** The limit of a backend, by the configuration that this request is judged by. */
  public BackendLimit of(Backend backend) {
    BackendLimit known = limits.get(backend.id());
    BackendLimit found =
        known != null
            ? known
            : limits.computeIfAbsent(
                backend.id(), id -> new BackendLimit(id, backend.concurrency()));
    found.settings(backend.concurrency());
    return found;
  }

  /** Ten times a second, from one thread. */
  public void tick(boolean off, LimitListener listener) {
    limits.values().forEach(limit -> limit.tick(off, listener));
  }
}
