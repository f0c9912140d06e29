package dev.sluice.fallback.store;

import dev.sluice.fallback.queue.StoreRefused;
import dev.sluice.fallback.queue.StoreRefused.Reason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Notes in a table beside the queued writes. */
final class SqliteJournal implements Journal {
  private static final int KEPT = 100;

  private final Committer committer;
  private final Reader reader;
  private final InstantSource clock;

  SqliteJournal(Committer committer, Reader reader, InstantSource clock) {
    this.committer = committer;
    this.reader = reader;
    this.clock = clock;
  }

  @Override
  public CompletableFuture<Void> append(String kind, String id, String text) {
    if (text.length() > MOST_CHARACTERS) {
      throw new IllegalArgumentException("a note of " + text.length() + " characters");
    }
    long now = clock.millis();
    return committer
        .submit(text.length(), session -> written(session, kind, id, text, now))
        .thenAccept(kept -> {});
  }

  private static boolean written(Session session, String kind, String id, String text, long now)
      throws SQLException {
    if (!session.room().forRecord(text.length(), session.index().records())) {
      throw new StoreRefused(Reason.FULL, "the store's disk is nearly full");
    }
    session.note(Sql.INSERT_NOTE, kind, id, now, text);
    session.note(Sql.FORGET_NOTES, kind, id, kind, id, KEPT);
    return true;
  }

  @Override
  public CompletableFuture<Map<String, String>> latest(String kind) {
    return reader.query(
        tables ->
            tables.read(
                Sql.LATEST_NOTES,
                rows -> {
                  Map<String, String> latest = new LinkedHashMap<>();
                  while (rows.next()) {
                    latest.put(rows.getString(1), rows.getString(2));
                  }
                  return latest;
                },
                kind));
  }

  @Override
  public CompletableFuture<List<Note>> scan(String kind, String id, int limit) {
    return reader.query(
        tables -> tables.read(Sql.NOTES, SqliteJournal::notes, kind, id, Math.max(0, limit)));
  }

  private static List<Note> notes(ResultSet rows) throws SQLException {
    List<Note> notes = new ArrayList<>();
    while (rows.next()) {
      notes.add(new Note(Instant.ofEpochMilli(rows.getLong(1)), rows.getString(2)));
    }
    return notes;
  }
}
