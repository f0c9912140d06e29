/**
 * The composition root: the only place that knows every part, reads the clocks and the environment,
 * and decides in which order things start and stop.
 */
@NullMarked
package dev.sluice.gateway.app;

import org.jspecify.annotations.NullMarked;
