@NullUnmarked
package dev.sluice.gateway.child;

import org.jspecify.annotations.NullUnmarked;
