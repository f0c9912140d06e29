/**
 * Copies of complete answers, kept for the time when their backend cannot answer. A copy belongs to
 * one route, host, target and principal and is never handed to another; what may be kept and for
 * how long is decided by pure rules, the store alone holds state and is bounded in bytes.
 */
@NullMarked
package dev.sluice.fallback.cache;

import org.jspecify.annotations.NullMarked;
