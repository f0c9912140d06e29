package dev.sluice.probes.breaker;

/**
 * What one outage taught the breaker of a dependency.
 *
 * @param id of the dependency
 * @param learned all that is known by now, to be kept
 * @param change what changes and why, in a sentence without a full stop; empty where nothing does
 * @param dry whether it is only said
 */
public record Lesson(String id, Learned learned, String change, boolean dry) {}
