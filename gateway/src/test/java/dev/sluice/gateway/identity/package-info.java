/** Tokens against real keys. */
@NullUnmarked
package dev.sluice.gateway.identity;

import org.jspecify.annotations.NullUnmarked;
