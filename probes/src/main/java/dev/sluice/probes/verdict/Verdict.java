package dev.sluice.probes.verdict;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with one dependency or backend, who owns it and what to do.
 *
 * @param subject the id of a dependency or backend
 * @param confidence from 0 to 1
 * @param sentence for people, names its vantage
 * @param remedy what to do first
 * @param owner {@code infrastructure}, {@code development} or {@code gateway}
 * @param since when this cause and detail were first said
 * @param decidingTest what would settle it; null when nothing needs to be settled
 */
public record Verdict(
    String subject,
    Cause cause,
    Detail detail,
    double confidence,
    List<Evidence> evidence,
    String sentence,
    String remedy,
    String owner,
    Instant since,
    @Nullable String decidingTest) {
  public Verdict {
    evidence = List.copyOf(evidence);
  }

  /** Nothing is wrong. */
  public static Verdict healthy(String subject, Instant since) {
    return none(subject, Detail.HEALTHY, subject + " is healthy.", since);
  }

  /** Nothing is known yet. */
  public static Verdict warmUp(String subject, Instant since) {
    return none(subject, Detail.WARM_UP, subject + " has not been reached yet.", since);
  }

  private static Verdict none(String subject, Detail detail, String sentence, Instant since) {
    double confidence = detail == Detail.HEALTHY ? 1 : 0;
    return new Verdict(
        subject, Cause.NONE, detail, confidence, List.of(), sentence, "", "gateway", since, null);
  }

  /** The same verdict, said since another time. */
  public Verdict since(Instant other) {
    return new Verdict(
        subject, cause, detail, confidence, evidence, sentence, remedy, owner, other, decidingTest);
  }

  /** The same verdict with more evidence, each piece once. */
  public Verdict with(List<Evidence> more) {
    if (evidence.containsAll(more)) {
      return this;
    }
    List<Evidence> all = new ArrayList<>(evidence);
    more.stream().filter(one -> !evidence.contains(one)).forEach(all::add);
    return new Verdict(
        subject, cause, detail, confidence, all, sentence, remedy, owner, since, decidingTest);
  }

  /** The same verdict, handed to whoever owns its detail by the route files. */
  public Verdict ownedBy(Map<String, String> owners) {
    String other = owners.get(detail.label());
    return other == null
        ? this
        : new Verdict(
            subject,
            cause,
            detail,
            confidence,
            evidence,
            sentence,
            remedy,
            other,
            since,
            decidingTest);
  }

  /** True when the other names the same cause and detail, however sure it is. */
  public boolean agreesWith(Verdict other) {
    return cause == other.cause && detail == other.detail;
  }
}
