/**
 * Tests of the replay: its decisions by table, its loop in virtual time over a store in memory, and
 * once over the store on disk.
 */
@NullMarked
package dev.sluice.fallback.replay;

import org.jspecify.annotations.NullMarked;
