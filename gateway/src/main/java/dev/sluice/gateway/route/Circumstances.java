package dev.sluice.gateway.route;

import dev.sluice.fallback.cache.Reuse;
import dev.sluice.fallback.cache.StoredCopy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision depends on.
 *
 * @param closed a breaker of the route is open, or refused its permit
 * @param readOnly a dependency of the route takes reads only
 * @param application what closed the route is the application's fault, so nothing is queued
 * @param canary one request may pass an open breaker to see whether it is right
 * @param copy a stored answer that is usable now
 * @param plan what the cache of the route is to do; null where copies are for outages alone
 * @param prefersAsync the request carries {@code Prefer: respond-async}
 * @param keyed the request carries an Idempotency-Key
 * @param known a write was accepted before under the same Idempotency-Key
 * @param backlog older writes of the same ordering key wait in the queue
 * @param tailOver the route has been open for longer than the queue's tail may take
 * @param queueReady there is a queue, and it acknowledges
 * @param retryAfter what a refused client is told
 */
public record Circumstances(
    Matched matched,
    String method,
    boolean closed,
    boolean readOnly,
    boolean application,
    boolean canary,
    @Nullable StoredCopy copy,
    Reuse.@Nullable Plan plan,
    boolean prefersAsync,
    boolean keyed,
    boolean known,
    boolean backlog,
    boolean tailOver,
    boolean queueReady,
    Duration retryAfter) {}
