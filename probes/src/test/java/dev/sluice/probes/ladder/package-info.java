/** The ladder against real sockets, a scripted server and a real PostgreSQL. */
@NullMarked
package dev.sluice.probes.ladder;

import org.jspecify.annotations.NullMarked;
