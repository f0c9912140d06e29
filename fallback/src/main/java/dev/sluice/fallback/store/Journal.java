package dev.sluice.fallback.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Short notes that outlive the process, by kind and id, kept in the clear: no note holds what a
 * client sent. The newest hundred of each kind and id stay.
 */
public interface Journal {
  /** The longest text, in characters. */
  int MOST_CHARACTERS = 16_384;

  /**
   * One note.
   *
   * @param at when it was appended
   */
  record Note(Instant at, String text) {}

  /**
   * Appends a note; completed once it is on the disk, and with a {@link
   * dev.sluice.fallback.queue.StoreRefused} where it could not be kept.
   *
   * @throws IllegalArgumentException for a text that is too long
   */
  CompletableFuture<Void> append(String kind, String id, String text);

  /** The newest text of each id. */
  CompletableFuture<Map<String, String>> latest(String kind);

  /** The newest first. */
  CompletableFuture<List<Note>> scan(String kind, String id, int limit);
}
