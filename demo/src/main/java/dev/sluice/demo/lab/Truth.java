package dev.sluice.demo.lab;

import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Verdict;
import java.util.Set;

/**
 * What is really the matter with one dependency or backend.
 *
 * @param details those that tell it rightly; several where the fault itself shows now one face, now
 *     another
 */
record Truth(String subject, Cause cause, Set<Detail> details) {
  static final String DATABASE = "orders-db";
  static final String REDIS = "sessions";
  static final String BACKEND = "orders";

  static Truth database(Cause cause, Detail... details) {
    return new Truth(DATABASE, cause, Set.of(details));
  }

  static Truth redis(Cause cause, Detail... details) {
    return new Truth(REDIS, cause, Set.of(details));
  }

  static Truth backend(Cause cause, Detail... details) {
    return new Truth(BACKEND, cause, Set.of(details));
  }

  /** True where requests meet it: reads of orders need no second dependency. */
  boolean met() {
    return !subject.equals(REDIS);
  }

  boolean names(Cause said) {
    return said == cause;
  }

  boolean names(Detail said) {
    return details.contains(said);
  }

  /** How surely a verdict blames the wrong side; 0 where it does not. */
  double wronged(Verdict verdict) {
    boolean blames =
        verdict.cause() == Cause.INFRASTRUCTURE || verdict.cause() == Cause.APPLICATION;
    return blames && verdict.cause() != cause ? verdict.confidence() : 0;
  }
}
