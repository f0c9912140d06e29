/** What is shipped below deploy/ for clusters and laptops, read strictly. */
@NullUnmarked
package dev.sluice.gateway.deploy;

import org.jspecify.annotations.NullUnmarked;
