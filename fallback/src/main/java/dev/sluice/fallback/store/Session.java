package dev.sluice.fallback.store;

import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.store.RecordCodec.Outcome;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the writer's thread works on: tables, index, counters, and whether a batch changed them. */
final class Session {
  private final Tables tables;
  private final WriteIndex index;
  private final Seal seal;
  private final Room room;
  private long sequence;
  private long commits;
  private boolean changed;

  Session(Tables tables, WriteIndex index, Seal seal, Room room, HighWater.Mark mark) {
    this.tables = tables;
    this.index = index;
    this.seal = seal;
    this.room = room;
    this.sequence = mark.sequence();
    this.commits = mark.commits();
  }

  Tables tables() {
    return tables;
  }

  WriteIndex index() {
    return index;
  }

  Seal seal() {
    return seal;
  }

  Room room() {
    return room;
  }

  /** A batch begins. */
  void begin() {
    changed = false;
    room.begin();
  }

  long nextSequence() {
    sequence++;
    return sequence;
  }

  boolean changed() {
    return changed;
  }

  /** Counts this batch as a commit and writes the counters into it. */
  HighWater.Mark mark() throws SQLException {
    commits++;
    tables.run(Sql.UPDATE_META, sequence, commits);
    changed = false;
    return new HighWater.Mark(sequence, commits);
  }

  /** Changes the journal. */
  void note(String sql, Object... values) throws SQLException {
    tables.run(sql, values);
    changed = true;
  }

  void insert(Row row, byte[] content) throws SQLException {
    tables.insert(row, content);
    index.replace(null, row);
    room.take(content.length);
    changed = true;
  }

  void update(Row before, Row after) throws SQLException {
    long outcome = after.active() ? 0 : tables.outcomeBytes(after);
    change(before, after, outcome, outcome);
  }

  /** Changes a record together with what is known of its last attempt. */
  Row update(Row before, Row after, Outcome outcome) throws SQLException {
    long had = before.active() ? 0 : tables.outcomeBytes(before);
    byte[] sealed = null;
    String digest = "";
    if (!outcome.equals(Outcome.NONE)) {
      sealed = sealed(after, outcome);
      digest = Digests.sha256(sealed);
    }
    tables.putOutcome(after, sealed);
    Row whole = after.withOutcome(digest);
    change(before, whole, had, sealed == null ? 0 : sealed.length);
    return whole;
  }

  private void change(Row before, Row after, long had, long has) throws SQLException {
    tables.update(after);
    index.replace(before, after);
    index.ended().left(before, had);
    index.ended().came(after, has);
    room.take(has);
    changed = true;
  }

  /** An outcome is sealed as its record was, so that the record's key id covers both. */
  private byte[] sealed(Row row, Outcome outcome) {
    return seal.close(RecordCodec.encode(outcome), row.keyId(), row.outcomePlace());
  }

  /** Seals both parts of a record with the store's key; the record itself stays as it is. */
  void reseal(Row row) throws SQLException {
    byte[] content = seal.open(tables.content(row), row.keyId(), row.contentPlace());
    byte[] outcome = tables.outcome(row);
    byte[] closed = seal.close(content, row.contentPlace());
    byte[] ended =
        outcome == null
            ? null
            : seal.close(seal.open(outcome, row.keyId(), row.outcomePlace()), row.outcomePlace());
    String digest = ended == null ? "" : Digests.sha256(ended);
    Row anew = row.sealedAnew(seal.keyId(), Digests.sha256(closed), digest);
    tables.reseal(anew, closed, ended);
    long had = outcome == null ? 0 : outcome.length;
    long has = ended == null ? 0 : ended.length;
    index.replace(row, anew);
    index.ended().left(row, had);
    index.ended().came(anew, has);
    room.take(closed.length + has);
    changed = true;
  }

  void delete(Row row) throws SQLException {
    long had = tables.outcomeBytes(row);
    tables.delete(row);
    index.replace(row, null);
    index.ended().left(row, had);
    changed = true;
  }

  /** The active record from memory, else whatever the file has. */
  @Nullable Row find(String id) throws SQLException {
    Row active = index.active(id);
    return active == null ? tables.byId(id) : active;
  }

  QueuedWrite whole(Row row) throws SQLException {
    return whole(row, tables, seal);
  }

  static QueuedWrite whole(Row row, Tables tables, Seal seal) throws SQLException {
    byte[] content = seal.open(tables.content(row), row.keyId(), row.contentPlace());
    NewWrite request = RecordCodec.write(content);
    byte[] sealed = tables.outcome(row);
    Outcome outcome =
        sealed == null
            ? Outcome.NONE
            : RecordCodec.outcome(seal.open(sealed, row.keyId(), row.outcomePlace()));
    return new QueuedWrite(
        row.id(),
        row.sequence(),
        row.state(),
        row.attempts(),
        row.epoch(),
        Instant.ofEpochMilli(row.createdAt()),
        Instant.ofEpochMilli(row.expiresAt()),
        Instant.ofEpochMilli(row.notBefore()),
        row.finishedAt() == 0 ? null : Instant.ofEpochMilli(row.finishedAt()),
        row.interrupted(),
        outcome.error(),
        outcome.answer(),
        request);
  }
}
