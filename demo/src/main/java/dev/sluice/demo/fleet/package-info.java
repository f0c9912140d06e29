/** Many gateways as processes on one store, in an outage and at its end. */
@NullMarked
package dev.sluice.demo.fleet;

import org.jspecify.annotations.NullMarked;
