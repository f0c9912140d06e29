/** The product from end to end: real sockets, a real PostgreSQL, real faults. */
@NullMarked
package dev.sluice.demo.e2e;

import org.jspecify.annotations.NullMarked;
