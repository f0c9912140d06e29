/**
 * Health answers: pure functions from a posture, the configuration and the gateway's own situation
 * to status and body. The mode names the cause of an outage, readiness names whether the gateway is
 * still of use; neither waits for a probe.
 */
@NullMarked
package dev.sluice.gateway.health;

import org.jspecify.annotations.NullMarked;
