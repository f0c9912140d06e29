package dev.sluice.gateway.proxy;

import dev.sluice.config.Reads;
import dev.sluice.fallback.cache.CacheStatus;
import dev.sluice.fallback.cache.CopyKey;
import dev.sluice.fallback.cache.HeaderFields;
import dev.sluice.fallback.cache.Reuse;
import dev.sluice.fallback.cache.StoredCopy;
import org.jspecify.annotations.Nullable;

/**
 * What the stored copies have to do with one request.
 *
 * @param key under which its answer is kept
 * @param request its fields
 * @param copy the stored answer to it; null for none
 * @param plan what that is good for; null where copies are for outages alone
 */
record Caching(
    CopyKey key,
    Reads reads,
    HeaderFields request,
    @Nullable StoredCopy copy,
    Reuse.@Nullable Plan plan) {
  /** Why the backend is asked. */
  CacheStatus.Forwarded forwarded() {
    return plan == null ? CacheStatus.Forwarded.BYPASS : plan.forwarded();
  }

  /** The copy that the backend is asked about; null where it is asked for the answer. */
  @Nullable StoredCopy validated() {
    return plan != null && plan.act() == Reuse.Act.VALIDATE ? copy : null;
  }

  /** Whether the copy is the answer. */
  boolean serves() {
    return plan != null
        && (plan.act() == Reuse.Act.SERVE || plan.act() == Reuse.Act.SERVE_AND_REFRESH);
  }

  /** The same of a route that only observes: the backend is asked as if there were no copy. */
  Caching observed() {
    return new Caching(key, reads, request, null, null);
  }

  /** Whether others may wait for the answer to this request. */
  boolean collapses() {
    return plan != null
        && (plan.act() == Reuse.Act.VALIDATE || plan.act() == Reuse.Act.FETCH)
        && plan.forwarded() != CacheStatus.Forwarded.BYPASS
        && plan.forwarded() != CacheStatus.Forwarded.PARTIAL
        && !request.has("Range");
  }
}
