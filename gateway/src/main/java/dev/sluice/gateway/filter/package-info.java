/**
 * What keeps a crowd from taking the gateway and its backends down: how many requests a backend is
 * sent at once, who waits for a turn, and how many requests one client may send. Pure state that is
 * moved by atomics alone: nothing here waits, reads a clock or touches a socket, and whatever time
 * it needs is handed in.
 */
@NullMarked
package dev.sluice.gateway.filter;

import org.jspecify.annotations.NullMarked;
