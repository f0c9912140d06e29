/**
 * Network faults on demand: a TCP proxy whose listener and connections can be made to refuse,
 * vanish, fall silent or reset. Nothing here needs privileges, so the same faults serve the demo
 * and the tests.
 */
@NullMarked
package dev.sluice.demo.fault;

import org.jspecify.annotations.NullMarked;
