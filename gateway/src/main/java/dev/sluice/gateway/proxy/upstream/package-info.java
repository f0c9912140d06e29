/**
 * Connections to backends. What all event loops share of a backend is its addresses, how they
 * stand, its TLS context and its counts; connections belong to one loop each. Nothing here blocks
 * or locks: names are asked for without waiting, and what a TLS handshake computes runs on threads
 * of its own.
 */
@NullMarked
package dev.sluice.gateway.proxy.upstream;

import org.jspecify.annotations.NullMarked;
