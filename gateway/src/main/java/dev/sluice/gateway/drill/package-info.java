/**
 * Drills: for a while the gateway decides as if a dependency were down, so that copies, held writes
 * and health answers are seen at work before they are needed.
 */
@NullMarked
package dev.sluice.gateway.drill;

import org.jspecify.annotations.NullMarked;
