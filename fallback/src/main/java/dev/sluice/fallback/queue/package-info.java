/**
 * Writes held back during an outage: what is kept of them, the states they pass through, and the
 * rules by which they are admitted. The store behind it is an interface here, so that this package
 * knows no database.
 */
@NullMarked
package dev.sluice.fallback.queue;

import org.jspecify.annotations.NullMarked;
