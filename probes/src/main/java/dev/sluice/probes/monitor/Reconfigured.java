package dev.sluice.probes.monitor;

import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Evidence;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Vantage;
import dev.sluice.probes.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The last change of the configuration: evidence for the faults that began soon after it. Pure.
 *
 * @param same ids of the targets whose entries it left as they were
 */
record Reconfigured(Instant at, Set<String> same) {
  private static final Duration SUSPECT = Duration.ofMinutes(30);

  /** The verdict with this change as evidence, where the fault began after it. */
  Verdict beside(Verdict verdict) {
    Duration ahead = Duration.between(at, verdict.since());
    boolean suspect = !ahead.isNegative() && ahead.compareTo(SUSPECT) <= 0;
    return suspect && verdict.cause() != Cause.NONE
        ? verdict.with(List.of(evidence(verdict.subject(), ahead)))
        : verdict;
  }

  private Evidence evidence(String subject, Duration ahead) {
    String what =
        same.contains(subject) ? "; the entry of %s stayed as it was." : ", the entry of %s too.";
    String text =
        String.format(
            Locale.ROOT,
            "It began %,d s after the configuration changed" + what,
            ahead.toSeconds(),
            subject);
    return new Evidence(text, Sample.good(subject, Rung.SELF, Vantage.GATEWAY, 0));
  }
}
