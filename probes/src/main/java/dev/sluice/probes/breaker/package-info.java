/**
 * Circuit breakers, one per dependency and backend. Permits are composite, taken and settled
 * without a lock, so that event loops may ask for them.
 */
@NullMarked
package dev.sluice.probes.breaker;

import org.jspecify.annotations.NullMarked;
