/**
 * Queued writes on their way to the backend once it is back: in order where order matters, one
 * first and then more, each to an end that its owner can see. What an outcome means is decided by
 * pure functions; the loop around them runs on one thread of its own and knows the data path only
 * through {@link dev.sluice.fallback.replay.Sender} and {@link dev.sluice.fallback.replay.Gate}.
 */
@NullMarked
package dev.sluice.fallback.replay;

import org.jspecify.annotations.NullMarked;
