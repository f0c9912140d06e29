package dev.sluice.demo.lab;

import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Verdict;

/**
 * What a verdict said from one moment on.
 *
 * @param seconds since the fault
 */
record Glance(double seconds, Cause cause, Detail detail, double confidence, String sentence) {
  static Glance of(double seconds, Verdict verdict) {
    return new Glance(
        seconds,
        verdict.cause(),
        verdict.detail(),
        verdict.confidence(),
        verdict.sentence() + " " + verdict.evidence());
  }

  boolean says(Verdict verdict) {
    return cause == verdict.cause()
        && detail == verdict.detail()
        && confidence == verdict.confidence();
  }

  @Override
  public String toString() {
    return "%.1fs %s/%s %.2f".formatted(seconds, cause, detail.label(), confidence);
  }
}
