package dev.sluice.gateway.filter;

import dev.sluice.config.Backend;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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

  /** The limit of a backend that was asked for before; null where none was. */
  public @Nullable BackendLimit known(String backendId) {
    return limits.get(backendId);
  }

  /** Forgets the limits of all backends but these, save those that are still in use. */
  public void keep(Collection<Backend> backends) {
    Set<String> kept = backends.stream().map(Backend::id).collect(Collectors.toSet());
    limits.entrySet().removeIf(each -> !kept.contains(each.getKey()) && each.getValue().unused());
  }

  /** Ten times a second, from one thread. */
  public void tick(boolean off, LimitListener listener) {
    limits.values().forEach(limit -> limit.tick(off, listener));
  }
}
