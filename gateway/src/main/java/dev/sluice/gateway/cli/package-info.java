/**
 * The command line: one class a command, exit codes as documented there, errors as one sentence
 * with the way out. Nothing here decides anything.
 */
@NullMarked
package dev.sluice.gateway.cli;

import org.jspecify.annotations.NullMarked;
