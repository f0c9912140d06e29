/**
 * Climbs towards one target, rung by rung, and reports what each rung saw. Every rung has its own
 * deadline, every socket is closed by force when a climb ends or is cancelled, and nothing here
 * judges: the samples go to the verdict. All network work runs on the event loops of {@link
 * dev.sluice.probes.ladder.ProbeResources}, never on those of the data path.
 */
@NullMarked
package dev.sluice.probes.ladder;

import org.jspecify.annotations.NullMarked;
