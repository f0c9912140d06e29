package dev.sluice.fallback.store;

/** The shared database does not answer at the moment; it may later. */
public final class StoreUnreachable extends RuntimeException {
  private static final long serialVersionUID = 1;

  StoreUnreachable(String name, String problem) {
    super("The shared store " + name + " cannot be reached: " + problem, null, false, false);
  }
}
