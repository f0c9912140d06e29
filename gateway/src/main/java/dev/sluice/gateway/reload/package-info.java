/**
 * How a running gateway goes over to other route files: what is new is read, compared and applied
 * as a whole, or reported and left. What can be decided without a file or a thread is pure.
 */
@NullMarked
package dev.sluice.gateway.reload;

import org.jspecify.annotations.NullMarked;
