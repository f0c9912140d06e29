package dev.sluice.probes.verdict;

/** How far a question to a backend came. */
public enum Reach {
  /** It answered, or accepted a connection where it has no health route. */
  ANSWERED,
  /** No answer came, as from one that waits for its database. */
  SILENT,
  /** Nobody listens at its address. */
  REFUSED
}
