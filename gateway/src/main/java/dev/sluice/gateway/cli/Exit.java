package dev.sluice.gateway.cli;

/** Exit codes of all commands. */
final class Exit {
  static final int OK = 0;
  static final int FAILED = 1;

  /** Usage or configuration. */
  static final int USAGE = 2;

  static final int NO_ROUTE = 3;
  static final int INFRASTRUCTURE = 10;
  static final int APPLICATION = 11;
  static final int UNKNOWN = 12;

  private Exit() {}
}
