/**
 * Which route a request takes and what becomes of it: pure functions of the request head, the
 * routes, the posture and a stored copy. Nothing here waits, reads a clock or touches a socket; the
 * data path carries out what is decided here.
 */
@NullMarked
package dev.sluice.gateway.route;

import org.jspecify.annotations.NullMarked;
