package dev.sluice.probes.verdict;

/**
 * One dependency of a backend that is judged.
 *
 * @param suspect its last climb failed, and no live request says otherwise
 * @param millis how long its last climb took that held; -1 where none did
 * @param looked it was climbed since the backend's failure began, to an end that can be relied on:
 *     it held, or somebody is to blame, or three climbs agree
 */
public record Needed(Verdict verdict, boolean suspect, boolean looked, long millis) {
  boolean blamed() {
    return verdict.cause() == Cause.INFRASTRUCTURE || verdict.cause() == Cause.APPLICATION;
  }

  boolean well() {
    return verdict.detail() == Detail.HEALTHY || verdict.detail() == Detail.GATEWAY_VIEW;
  }
}
