package dev.sluice.probes.verdict;

/**
 * Outcomes of live requests in the last 10 s.
 *
 * @param succeeded answers below 500
 * @param marked answers of 500 and above that carry the application's marker
 * @param unmarked answers of 500 and above without it
 * @param failed exchanges without an answer
 */
public record Passive(int succeeded, int marked, int unmarked, int failed) {
  public static final Passive NONE = new Passive(0, 0, 0, 0);
  private static final int ENOUGH = 3;

  /** Requests succeed, and at most one of six does not. */
  boolean served() {
    return succeeded > 0 && errors() * 5 <= succeeded;
  }

  /** Requests fail, and more than one of six. */
  public boolean failing() {
    return errors() > 0 && !served();
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
