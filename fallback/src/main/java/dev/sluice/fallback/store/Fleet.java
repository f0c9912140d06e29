package dev.sluice.fallback.store;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Gateways that share a store: each says what it sees, hears what the others say, and one of them
 * leads for as long as its lease lasts. A leader that was held up notices by its own clock that its
 * lease may be over, and whatever it writes under an earlier epoch than the latest is refused.
 */
public interface Fleet {
  /** How long whoever leads does so without being heard of, in milliseconds. */
  long LEASE_MILLIS = 6_000;

  /** A gateway that was not heard of for so long is gone, in milliseconds. */
  long GONE_MILLIS = 10_000;

  /**
   * Another gateway.
   *
   * @param id drawn at its start
   * @param leads whether it leads
   * @param said what it said last
   */
  record Other(String id, boolean leads, String said) {}

  /**
   * Who is there.
   *
   * @param leads whether this gateway does, for {@link #LEASE_MILLIS} since it asked
   * @param epoch rises whenever another one begins to lead; 0 where this one does not
   * @param others all but this one, by their ids
   */
  record Roll(boolean leads, long epoch, List<Other> others) {
    public Roll {
      others = List.copyOf(others);
    }
  }

  /** Drawn at the start of this gateway. */
  String id();

  /** Says what this gateway sees, and asks who is there; begins or goes on to lead where it may. */
  CompletableFuture<Roll> call(String said);

  /** Leaves: whoever else is there may lead at once. */
  CompletableFuture<Void> leave();

  /**
   * Appends a note as {@link Journal#append} does, if this gateway still leads.
   *
   * @return false where it does not, and nothing was written
   */
  CompletableFuture<Boolean> append(long epoch, String kind, String id, String text);
}
