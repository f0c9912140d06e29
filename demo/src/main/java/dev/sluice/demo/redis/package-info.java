/** A Redis of one's own, from the binary of a library. */
@NullMarked
package dev.sluice.demo.redis;

import org.jspecify.annotations.NullMarked;
