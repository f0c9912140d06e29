package dev.sluice.fallback.store;

/** What was read from the file is not what was written to it. */
final class DamagedRecord extends RuntimeException {
  private static final long serialVersionUID = 1;

  DamagedRecord(String message) {
    super(message);
  }
}
