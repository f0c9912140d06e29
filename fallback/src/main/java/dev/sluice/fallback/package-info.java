/** Placeholder. */
@NullMarked
package dev.sluice.fallback;

import org.jspecify.annotations.NullMarked;
