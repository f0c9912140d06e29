/**
 * The embedded store of queued writes: one SQLite file, one writer thread, group commit. Nothing is
 * acknowledged before its commit was synced, and a file that lost something is refused, not used.
 */
@NullMarked
package dev.sluice.fallback.store;

import org.jspecify.annotations.NullMarked;
