/** Placeholder. */
@NullMarked
package dev.sluice.probes;

import org.jspecify.annotations.NullMarked;
