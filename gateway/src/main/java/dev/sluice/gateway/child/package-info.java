/**
 * The backend as the gateway's own child process: started, started again when it ends, and its last
 * words kept. Knows neither configuration nor probes.
 */
@NullMarked
package dev.sluice.gateway.child;

import org.jspecify.annotations.NullMarked;
