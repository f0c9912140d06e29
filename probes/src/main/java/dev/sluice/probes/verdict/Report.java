package dev.sluice.probes.verdict;

/**
 * What a backend says of itself.
 *
 * @param answered false when no answer came
 * @param text its answer, or why there was none
 * @param health false where the backend has no health route and was only connected to
 */
public record Report(boolean ok, boolean answered, String text, boolean health) {}
