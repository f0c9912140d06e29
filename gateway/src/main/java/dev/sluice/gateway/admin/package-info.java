/**
 * The admin port: a status page for people, the same facts for machines, and the few switches that
 * an operator may turn with the token. It reads snapshots and asks the store; it decides nothing.
 */
@NullMarked
package dev.sluice.gateway.admin;

import org.jspecify.annotations.NullMarked;
