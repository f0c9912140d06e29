/**
 * Who a caller is: tokens are verified against the keys of their issuer, which are fetched beside
 * the data path and never on it.
 */
@NullMarked
package dev.sluice.gateway.identity;

import org.jspecify.annotations.NullMarked;
