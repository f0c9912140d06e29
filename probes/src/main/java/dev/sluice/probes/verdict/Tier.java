package dev.sluice.probes.verdict;

/** The three depths of a probe; each has an outer deadline of its own. */
public enum Tier {
  CONNECT,
  QUERY,
  FULL
}
