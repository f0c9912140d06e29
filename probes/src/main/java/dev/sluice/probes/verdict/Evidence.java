package dev.sluice.probes.verdict;

/** One fact that a verdict rests on, with a sentence for people. */
public record Evidence(String text, Sample sample) {}
