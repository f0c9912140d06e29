/**
 * What the whole gateway stands at: one status per dependency and backend, the service mode and the
 * headline, all in one immutable posture that the data path reads once a request.
 */
@NullMarked
package dev.sluice.probes.mode;

import org.jspecify.annotations.NullMarked;
