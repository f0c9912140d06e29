/** The command line of the demo: one process with everything in it, ready to be broken. */
@NullMarked
package dev.sluice.demo.cli;

import org.jspecify.annotations.NullMarked;
