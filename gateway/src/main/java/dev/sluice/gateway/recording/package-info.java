/**
 * What the last hour was like, written down: climbs, health answers, outcomes of requests and what
 * was made of them; and the same hour once more in virtual time, under other settings.
 */
@NullMarked
package dev.sluice.gateway.recording;

import org.jspecify.annotations.NullMarked;
