/**
 * The demo's world: database, fault proxies and sample backend, wired as in a real deployment, and
 * the route file that a gateway in front of them reads.
 */
@NullMarked
package dev.sluice.demo.tour;

import org.jspecify.annotations.NullMarked;
