/**
 * The fault lab: breaks real parts in every way of the catalogue and holds the verdicts against the
 * truth.
 */
@NullMarked
package dev.sluice.demo.lab;

import org.jspecify.annotations.NullMarked;
