/**
 * How the way to each dependency was over the last hour, and whether it is getting worse: warns
 * before a deadline is missed. Pure, but for {@link dev.sluice.probes.history.History}, which keeps
 * the state.
 */
@NullMarked
package dev.sluice.probes.history;

import org.jspecify.annotations.NullMarked;
