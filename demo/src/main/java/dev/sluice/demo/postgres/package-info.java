/**
 * A real PostgreSQL as a child process, from binaries that come in a jar. It can be killed, frozen
 * and restarted on its port, and leaves neither processes nor files behind when it is closed or the
 * virtual machine ends.
 */
@NullMarked
package dev.sluice.demo.postgres;

import org.jspecify.annotations.NullMarked;
