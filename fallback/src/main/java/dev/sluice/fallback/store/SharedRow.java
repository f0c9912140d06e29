package dev.sluice.fallback.store;

import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.store.RecordCodec.Outcome;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads a record of the shared database, which is compared with its digest and opened. */
final class SharedRow {
  private SharedRow() {}

  static String contentPlace(String id, long sequence) {
    return "content of " + id + " at " + sequence;
  }

  static String outcomePlace(String id, long sequence) {
    return "outcome of " + id + " at " + sequence;
  }

  /** As {@link SharedSql#FIND} and its like give it. */
  static QueuedWrite read(Readable row, Seal seal) {
    long sequence = Queries.number(row, 0);
    String id = Queries.text(row, 1);
    WriteState state = state(Queries.text(row, 2));
    boolean interrupted = Boolean.TRUE.equals(row.get(9, Boolean.class));
    String keyId = Queries.text(row, 10);
    NewWrite request = request(row, seal, keyId, id, sequence);
    byte[] sealed = row.get(13, byte[].class);
    Outcome outcome =
        sealed == null
            ? new Outcome(said(state, interrupted), null)
            : RecordCodec.outcome(seal.open(sealed, keyId, outcomePlace(id, sequence)));
    long finished = Queries.number(row, 8);
    return new QueuedWrite(
        id,
        sequence,
        state,
        (int) Queries.number(row, 3),
        Queries.number(row, 4),
        Instant.ofEpochMilli(Queries.number(row, 5)),
        Instant.ofEpochMilli(Queries.number(row, 6)),
        Instant.ofEpochMilli(Queries.number(row, 7)),
        finished == 0 ? null : Instant.ofEpochMilli(finished),
        interrupted,
        outcome.error(),
        outcome.answer(),
        request);
  }

  private static NewWrite request(Readable row, Seal seal, String keyId, String id, long sequence) {
    byte[] content = row.get(12, byte[].class);
    if (content == null || !Digests.sha256(content).equals(Queries.text(row, 11))) {
      throw new DamagedRecord("the content of record " + id + " differs from its digest");
    }
    return RecordCodec.write(seal.open(content, keyId, contentPlace(id, sequence)));
  }

  /** What a statement that ends many at once leaves to be said here. */
  private static @Nullable String said(WriteState state, boolean interrupted) {
    return switch (state) {
      case EXPIRED ->
          "its time ran out before it could be sent"
              + (interrupted ? "; an earlier attempt may have reached the backend" : "");
      case FAILED -> "an earlier write of the same resource failed";
      default -> null;
    };
  }

  private static WriteState state(String name) {
    try {
      return WriteState.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new DamagedRecord("a record has the unknown state " + name);
    }
  }
}
