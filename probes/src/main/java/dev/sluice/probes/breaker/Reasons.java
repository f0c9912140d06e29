package dev.sluice.probes.breaker;

/** Why breakers move, in clauses. */
final class Reasons {
  static final String UNTRIED = "good climbs stood in for live calls";
  static final String RETURNED = "traffic came back without a failure";
  static final String CANARY = "a live request succeeded";
  static final String PERIOD = "the retry period is over";

  private Reasons() {}

  static String held(int climbs) {
    return climbs == 1 ? "a good climb" : climbs + " good climbs in a row";
  }

  /** Of a failed climb. */
  static String failed(Stage stage, int row, String seen) {
    return stage == Stage.CLOSED
        ? "failed climbs in a row: %d (%s)".formatted(row, seen)
        : "a climb failed again (%s)".formatted(seen);
  }

  static String calls(int row) {
    return "live requests that failed in a row: %d".formatted(row);
  }

  /** Of a failed call. */
  static String call(Stage stage, int row) {
    return stage == Stage.CLOSED ? calls(row) : "a live call failed again";
  }

  /** Of a call that succeeded. */
  static String succeeded(Stage stage, int trials) {
    return stage == Stage.TRIALS ? "trial calls that succeeded: %d".formatted(trials) : RETURNED;
  }
}
