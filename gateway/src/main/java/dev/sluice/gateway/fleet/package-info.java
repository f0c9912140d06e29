/**
 * Gateways that share a store act as one: what each tells the others, what they see together, and
 * who of them speaks. Pure; who leads is the store's business.
 */
@NullMarked
package dev.sluice.gateway.fleet;

import org.jspecify.annotations.NullMarked;
