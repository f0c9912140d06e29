package dev.sluice.probes.verdict;

/**
 * Outcomes of live requests in the last 10 s.
 *
 * @param succeeded answers below 500
 * @param marked answers of 500 and above that carry the application's marker
 * @param unmarked answers of 500 and above without it
 * @param failed exchanges without an answer
 * @param turned what was well before is not any more: in the last three seconds more than one of
 *     six failed, or in the last two far more waited overly long than were answered
 */
public record Passive(int succeeded, int marked, int unmarked, int failed, boolean turned) {
  public static final Passive NONE = new Passive(0, 0, 0, 0);
  private static final int ENOUGH = 3;

  /** Outcomes whose latest are as those before. */
  public Passive(int succeeded, int marked, int unmarked, int failed) {
    this(succeeded, marked, unmarked, failed, false);
  }

  /** True where of so many requests more than one of six failed. */
  public static boolean mostFail(int errors, int succeeded) {
    return errors * 5 > succeeded;
  }

  /** Requests succeed, and at most one of six does not. */
  boolean served() {
    return succeeded > 0 && !turned && !mostFail(errors(), succeeded);
  }

  /** Requests fail, and more than one of six. */
  public boolean failing() {
    return turned || (errors() > 0 && !served());
  }

  /** Requests failed, however few of all: a backend's breaker lets only some fail. */
  public boolean erring() {
    return errors() >= ENOUGH;
  }

  /** Answers of 500 and above, and none at all. */
  public int errors() {
    return marked + unmarked + failed;
  }

  boolean markedErrors() {
    return enough(marked);
  }

  boolean unmarkedErrors() {
    return enough(unmarked + failed);
  }

  /** Three in the window, and a fifth of all. */
  private boolean enough(int errors) {
    return errors >= ENOUGH && errors * 5 >= succeeded + errors();
  }
}
