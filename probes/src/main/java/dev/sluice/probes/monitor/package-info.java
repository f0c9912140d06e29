/**
 * Climbs on a schedule and on the evidence of live traffic, judges what they found, moves the
 * breakers and publishes a posture on every change.
 */
@NullMarked
package dev.sluice.probes.monitor;

import org.jspecify.annotations.NullMarked;
