/** Samples that are pushed from beside a backend to the gateway: their form, and who sends them. */
@NullMarked
package dev.sluice.gateway.agent;

import org.jspecify.annotations.NullMarked;
