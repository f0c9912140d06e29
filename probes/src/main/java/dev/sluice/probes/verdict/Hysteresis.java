package dev.sluice.probes.verdict;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is said of one subject from following every sample. To say that something is wrong
 * takes three looks that agree, or two where live requests fail too; to say that it is well again
 * takes two good looks. One fault takes another's place when it is surer, or when three looks agree
 * and the first has been said for three seconds. What comes and goes three times in forty seconds
 * is said to be unstable until it has held for ten. Used by one thread.
 */
public final class Hysteresis {
  private static final int TO_BLAME = 3;
  private static final int TO_BLAME_WITH_TRAFFIC = 2;
  private static final int TO_CLEAR = 2;
  private static final Duration DWELL = Duration.ofSeconds(3);

  /** Looks that are remembered, and for how long. */
  private static final int REMEMBERED = 40;

  private static final Duration MEMORY = Duration.ofSeconds(40);
  private static final Duration RESTLESS = Duration.ofSeconds(10);
  private static final int UNSTABLE_RUNS = 3;
  private static final int UNSTABLE_FAILURES = 4;

  private final List<Look> looks = new ArrayList<>(REMEMBERED + 1);
  private Verdict said;
  private Instant saidSince;
  private @Nullable Verdict worst;

  private record Look(Instant at, boolean ok) {}

  /** Begins with a verdict that blames nobody. */
  public Hysteresis(Verdict first) {
    said = first;
    saidSince = first.since();
  }

  /** What is said. */
  public Verdict said() {
    return said;
  }

  /** Notes that the subject was looked at. */
  public void looked(boolean ok, Instant at) {
    looks.add(new Look(at, ok));
    looks.removeIf(look -> look.at.isBefore(at.minus(MEMORY)));
    if (looks.size() > REMEMBERED) {
      looks.remove(0);
    }
  }

  /**
   * Takes what the present facts alone would have one say.
   *
   * @param agreeing how many of the latest looks failed in the same way
   * @param failing live requests fail too
   * @return what is said now
   */
  public Verdict judged(Verdict fresh, int agreeing, boolean failing, Instant now) {
    if (ill(fresh)) {
      worst = fresh;
    }
    if (unstable(now)) {
      return say(comesAndGoes(fresh), now);
    }
    if (fresh.agreesWith(said) || accepted(fresh, agreeing, failing, now)) {
      return say(fresh, now);
    }
    return withheld(fresh);
  }

  private boolean accepted(Verdict fresh, int agreeing, boolean failing, Instant now) {
    if (!ill(fresh)) {
      return !ill(said) || good() >= TO_CLEAR;
    }
    boolean enough = agreeing >= (failing ? TO_BLAME_WITH_TRAFFIC : TO_BLAME);
    if (!ill(said)) {
      return enough;
    }
    boolean dwelt = !now.isBefore(saidSince.plus(DWELL));
    return fresh.confidence() > said.confidence() || (enough && dwelt);
  }

  private static boolean ill(Verdict verdict) {
    return verdict.detail() != Detail.HEALTHY
        && verdict.detail() != Detail.WARM_UP
        && verdict.detail() != Detail.SELF_FROZEN;
  }

  private Verdict say(Verdict verdict, Instant now) {
    if (!verdict.agreesWith(said)) {
      saidSince = now;
    }
    said = verdict.since(saidSince);
    return said;
  }

  /** Nothing else is said yet, but what was seen is not kept back. */
  private Verdict withheld(Verdict fresh) {
    if (!ill(said) && ill(fresh)) {
      said =
          new Verdict(
              said.subject(),
              said.cause(),
              said.detail(),
              said.confidence(),
              fresh.evidence(),
              said.subject() + " is being looked at again, for this was seen: " + fresh.sentence(),
              said.remedy(),
              said.owner(),
              said.since(),
              said.decidingTest());
    }
    return said;
  }

  /** True for a while after a look that failed: what comes and goes is met by looking often. */
  public boolean restless(Instant now) {
    return looks.stream().anyMatch(look -> !look.ok && look.at.isAfter(now.minus(RESTLESS)));
  }

  private int good() {
    int good = 0;
    for (int i = looks.size() - 1; i >= 0 && looks.get(i).ok; i--) {
      good++;
    }
    return good;
  }

  /** It has failed, held and failed again, and has not held for long since. */
  private boolean unstable(Instant now) {
    return worst != null
        && restless(now)
        && runs() >= UNSTABLE_RUNS
        && failures() >= UNSTABLE_FAILURES;
  }

  private int runs() {
    int runs = 0;
    for (int i = 0; i < looks.size(); i++) {
      boolean begins = !looks.get(i).ok && (i == 0 || looks.get(i - 1).ok);
      runs += begins ? 1 : 0;
    }
    return runs;
  }

  private int failures() {
    return (int) looks.stream().filter(look -> !look.ok).count();
  }

  /** The last fault that was seen, for as long as it comes back. */
  private Verdict comesAndGoes(Verdict fresh) {
    Verdict fault = ill(fresh) || worst == null ? fresh : worst;
    String sentence =
        "%s is unstable: %d of the last %d looks failed. "
            .formatted(fault.subject(), failures(), looks.size());
    return new Verdict(
        fault.subject(),
        fault.cause(),
        fault.detail(),
        fault.confidence(),
        fault.evidence(),
        sentence + fault.sentence(),
        fault.remedy(),
        fault.owner(),
        fault.since(),
        fault.decidingTest());
  }
}
