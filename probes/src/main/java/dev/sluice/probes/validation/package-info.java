/**
 * Whether what was broken is fixed: bounded checks of what a configuration names, each with what it
 * proves and how surely.
 */
@NullMarked
package dev.sluice.probes.validation;

import org.jspecify.annotations.NullMarked;
