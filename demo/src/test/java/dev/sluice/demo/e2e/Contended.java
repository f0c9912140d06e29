package dev.sluice.demo.e2e;

/** What test classes that run at the same time take from each other. */
public final class Contended {
  /** Shared by those that keep it busy, had alone by those that measure what it has left. */
  public static final String PROCESSOR = "processor";

  private Contended() {}
}
