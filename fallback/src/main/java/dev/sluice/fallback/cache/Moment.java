package dev.sluice.fallback.cache;

/**
 * What had been made void when it was taken: a copy that is of before then is good only while
 * nothing of its target was made void since. Used by one thread.
 */
public final class Moment {
  private final long[] counts;

  Moment(long[] counts) {
    this.counts = counts;
  }

  long of(CopyKey key) {
    return counts[Stamps.slot(key.host(), key.target())];
  }

  /** One more is known, and what comes from now on is of after it. */
  void count(CopyKey key) {
    counts[Stamps.slot(key.host(), key.target())]++;
  }
}
