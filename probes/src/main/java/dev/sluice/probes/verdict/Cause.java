package dev.sluice.probes.verdict;

/** Whose fault an outage is; the only values that users and receivers see. */
public enum Cause {
  /** The network, the platform or the database server. */
  INFRASTRUCTURE,
  /** The code that was deployed, or what it does to the database. */
  APPLICATION,
  /** Not told apart by what was seen: the verdict names the test that would decide. */
  UNKNOWN,
  /** Nothing is wrong for users. */
  NONE
}
