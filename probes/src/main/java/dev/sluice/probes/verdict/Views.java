package dev.sluice.probes.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One verdict out of two views of the same dependency: this gateway's own, and an agent's beside
 * the backend, which prevails in what concerns the backend. Pure.
 */
public final class Views {
  private static final double ONLY_HERE = .9;
  private static final double ONLY_THERE = .95;

  private Views() {}

  /**
   * @param here the verdict by this gateway's climbs
   * @param climb the last of them
   * @param there the verdict by the agent's
   * @param beside the last of those, the latest last; at least one
   */
  public static Verdict of(Verdict here, Climb climb, Verdict there, List<Climb> beside) {
    if (there.detail() == Detail.WARM_UP || there.detail() == Detail.SELF_FROZEN) {
      return here;
    }
    boolean wellThere = there.detail() == Detail.HEALTHY;
    if (climb.telling() == null) {
      return wellThere ? here : onlyThere(here, climb, there, beside);
    }
    if (wellThere) {
      return onlyHere(here, climb, last(beside));
    }
    boolean alike = Stage.of(here.detail()) == Stage.of(there.detail());
    return merged(
        there,
        there.detail(),
        alike ? Math.max(ONLY_THERE, there.confidence()) : there.confidence(),
        there.sentence() + (alike ? " From this gateway it looks the same." : ""),
        here.evidence());
  }

  /** The way to it, or what it is entered with, is the backend's own. */
  private static Verdict onlyThere(Verdict here, Climb climb, Verdict there, List<Climb> beside) {
    Detail detail =
        switch (Stage.of(there.detail())) {
          case PATH -> Detail.BACKEND_PATH;
          case ENTRY -> Detail.BACKEND_CREDENTIALS;
          default -> there.detail();
        };
    String sentence =
        String.format(
            Locale.ROOT,
            "%s answers here in %,d ms; beside the backend it does not. %s %s",
            here.subject(),
            Climb.heldMillis(climb),
            Advice.of(detail).what(),
            Wording.of(failed(last(beside))));
    boolean same = detail == there.detail();
    double confidence = same ? there.confidence() : capped(Scene.agreeing(beside));
    return merged(there, detail, confidence, sentence, List.of());
  }

  private static double capped(int agreeing) {
    return agreeing >= 3 ? ONLY_THERE : agreeing == 2 ? .85 : .7;
  }

  private static Climb last(List<Climb> climbs) {
    return climbs.get(climbs.size() - 1);
  }

  private static Verdict onlyHere(Verdict here, Climb climb, Climb beside) {
    Advice advice = Advice.of(Detail.GATEWAY_VIEW);
    String sentence =
        String.format(
            Locale.ROOT,
            "Beside the backend %s answers in %,d ms. Only this gateway cannot reach it. %s",
            here.subject(),
            Climb.heldMillis(beside),
            Wording.of(failed(climb)));
    return new Verdict(
        here.subject(),
        Cause.NONE,
        Detail.GATEWAY_VIEW,
        ONLY_HERE,
        here.evidence(),
        sentence,
        advice.remedy(),
        advice.owner(),
        here.since(),
        null);
  }

  private static Sample failed(Climb climb) {
    Sample telling = climb.telling();
    return telling == null ? climb.samples().get(0) : telling;
  }

  private static Verdict merged(
      Verdict there, Detail detail, double confidence, String sentence, List<Evidence> more) {
    Advice advice = Advice.of(detail);
    List<Evidence> evidence = new ArrayList<>(there.evidence());
    evidence.addAll(more);
    boolean same = detail == there.detail();
    return new Verdict(
        there.subject(),
        same ? there.cause() : detail.cause(),
        detail,
        confidence,
        evidence,
        sentence,
        advice.remedy(),
        advice.owner(),
        there.since(),
        same ? there.decidingTest() : null);
  }
}
