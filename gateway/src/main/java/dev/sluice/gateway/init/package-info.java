/**
 * The first route file: what is found out about a backend, what is written of it, and what Sluice
 * will not be able to see. Everything but {@link dev.sluice.gateway.init.Scout} is pure.
 */
@NullMarked
package dev.sluice.gateway.init;

import org.jspecify.annotations.NullMarked;
