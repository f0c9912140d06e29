/**
 * What needs what, from the route files, and what follows from it: which routes a fault concerns,
 * and which faults are but the consequences of another one. Pure.
 */
@NullMarked
package dev.sluice.probes.map;

import org.jspecify.annotations.NullMarked;
