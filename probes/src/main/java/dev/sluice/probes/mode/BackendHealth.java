package dev.sluice.probes.mode;

import dev.sluice.probes.verdict.Complaint;
import dev.sluice.probes.verdict.PoolFigures;
import dev.sluice.probes.verdict.Reach;
import dev.sluice.probes.verdict.Report;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A backend's own last health answer.
 *
 * @param status 0 when it gave no answer
 * @param text what the answer says in one line, or why there was none
 * @param complaints its failing components, where its body names them
 * @param pool its connection pool's figures; null where its body shows none
 * @param revision of the application, where its body names it; else null
 * @param said the status that its body names, such as {@code pass}; null where it names none
 * @param ok true when the backend calls itself healthy
 * @param certificateEnds until when the certificate that it has shown is good; null for none
 */
public record BackendHealth(
    Instant at,
    Reach reach,
    int status,
    String text,
    List<Complaint> complaints,
    @Nullable PoolFigures pool,
    @Nullable String revision,
    @Nullable String said,
    boolean ok,
    @Nullable Instant certificateEnds) {
  public BackendHealth {
    complaints = List.copyOf(complaints);
  }

  /** An answer; 2xx calls itself healthy. */
  public static BackendHealth answered(
      Instant at, int status, String text, List<Complaint> complaints, @Nullable PoolFigures pool) {
    boolean ok = status >= 200 && status < 300;
    return new BackendHealth(
        at, Reach.ANSWERED, status, text, complaints, pool, null, null, ok, null);
  }

  /** No answer, and why. */
  public static BackendHealth unanswered(Instant at, Reach reach, String text) {
    return new BackendHealth(at, reach, 0, text, List.of(), null, null, null, false, null);
  }

  /** The same with these figures of its pool. */
  public BackendHealth with(PoolFigures figures) {
    return new BackendHealth(
        at, reach, status, text, complaints, figures, revision, said, ok, certificateEnds);
  }

  /** The same by this revision. */
  public BackendHealth of(@Nullable String named) {
    return new BackendHealth(
        at, reach, status, text, complaints, pool, named, said, ok, certificateEnds);
  }

  /** The same, which calls its state so. */
  public BackendHealth saying(@Nullable String word) {
    return new BackendHealth(
        at, reach, status, text, complaints, pool, revision, word, ok, certificateEnds);
  }

  /** The same, which has shown a certificate that is good until then. */
  public BackendHealth showing(@Nullable Instant ends) {
    return new BackendHealth(at, reach, status, text, complaints, pool, revision, said, ok, ends);
  }

  /** The same with other words, and what they complain of. */
  public BackendHealth saying(String words, List<Complaint> of) {
    return new BackendHealth(
        at, reach, status, words, of, pool, revision, said, ok, certificateEnds);
  }

  /** The same answer at another time. */
  public BackendHealth at(Instant other) {
    return new BackendHealth(
        other, reach, status, text, complaints, pool, revision, said, ok, certificateEnds);
  }

  /** A backend without a health route accepted a connection. */
  public static BackendHealth connected(Instant at) {
    return new BackendHealth(
        at, Reach.ANSWERED, 0, "accepts connections", List.of(), null, null, null, true, null);
  }

  /**
   * The same for a judge.
   *
   * @param health the backend has a health route
   */
  public Report report(boolean health) {
    return new Report(ok, reach, text, complaints, health);
  }

  /** True when another answer failed in the same way. */
  public boolean failsLike(BackendHealth other) {
    return !ok && !other.ok && reach == other.reach && status == other.status;
  }
}
