/**
 * Real clients and a real backend that break off, dawdle and lie around a real front server. Both
 * read HTTP with a reader of their own, so that a fault of the gateway's cannot hide itself, and
 * every byte that comes through is held against a digest.
 */
@NullMarked
package dev.sluice.demo.soak;

import org.jspecify.annotations.NullMarked;
