/**
 * Route files read into immutable records. Everything that can be wrong with a file is found here,
 * all at once and with its place; whoever holds a {@link dev.sluice.config.Configuration} need not
 * check anything again.
 */
@NullMarked
package dev.sluice.config;

import org.jspecify.annotations.NullMarked;
