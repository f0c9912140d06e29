package dev.sluice.fallback.store;

import dev.sluice.fallback.queue.WriteState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The statements on one connection; every row and blob read is compared with its digest. */
final class Tables {
  private static final int COLUMNS = 22;

  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  Tables(Connection connection) {
    this.connection = connection;
  }

  /** The file's own counters and the salt of its tags. */
  @SuppressWarnings("ArrayRecordComponent")
  record Meta(long sequence, long commits, byte[] salt, String saltKey) {}

  @Nullable Meta meta() throws SQLException {
    try (ResultSet rows = statement(Sql.SELECT_META).executeQuery()) {
      return rows.next()
          ? new Meta(rows.getLong(1), rows.getLong(2), rows.getBytes(3), rows.getString(4))
          : null;
    }
  }

  @Nullable Row byId(String id) throws SQLException {
    return first(Sql.BY_ID, id);
  }

  @Nullable Row byIdempotencyTag(String tag) throws SQLException {
    return first(Sql.BY_KEY, tag);
  }

  List<Row> inState(WriteState state, long afterSequence, int limit) throws SQLException {
    return all(Sql.BY_STATE, state.name(), afterSequence, limit);
  }

  List<Row> after(long sequence, int limit) throws SQLException {
    return all(Sql.AFTER, sequence, limit);
  }

  List<Row> endedBefore(long time, int limit) throws SQLException {
    return all(Sql.ENDED_BEFORE, time, limit);
  }

  /** Ended for good, the first to end first. */
  List<Row> settled(int limit) throws SQLException {
    return all(Sql.SETTLED, limit);
  }

  Map<WriteState, Long> counts() throws SQLException {
    Map<WriteState, Long> counts = new EnumMap<>(WriteState.class);
    for (WriteState state : WriteState.values()) {
      counts.put(state, 0L);
    }
    try (ResultSet rows = statement(Sql.COUNTS).executeQuery()) {
      while (rows.next()) {
        counts.put(state(rows.getString(1)), rows.getLong(2));
      }
    }
    return counts;
  }

  EndedBytes endedBytes() throws SQLException {
    Map<WriteState, Long> bytes = new EnumMap<>(WriteState.class);
    try (ResultSet rows = statement(Sql.ENDED_BYTES).executeQuery()) {
      while (rows.next()) {
        bytes.put(state(rows.getString(1)), rows.getLong(2));
      }
    }
    return new EndedBytes(bytes);
  }

  /** Length of the sealed outcome; 0 without one. */
  long outcomeBytes(Row row) throws SQLException {
    if (row.outcomeDigest().isEmpty()) {
      return 0;
    }
    PreparedStatement statement = statement(Sql.OUTCOME_BYTES);
    bind(statement, row.sequence());
    try (ResultSet rows = statement.executeQuery()) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  /** The ids of the keys that sealed records. */
  List<String> keyIds() throws SQLException {
    return texts(Sql.KEY_IDS);
  }

  /** The tags of the clients' keys that records were accepted under. */
  List<String> idempotencyTags() throws SQLException {
    return texts(Sql.CLIENT_KEYS);
  }

  /** Ended records that hold up their ordering key. */
  List<Row> parked() throws SQLException {
    return all(Sql.PARKED);
  }

  /** Records that another key sealed, or none. */
  List<Row> sealedOtherwise(String keyId, long afterSequence, int limit) throws SQLException {
    return all(Sql.SEALED_OTHERWISE, keyId, afterSequence, limit);
  }

  private List<String> texts(String sql) throws SQLException {
    return read(
        sql,
        rows -> {
          List<String> found = new ArrayList<>();
          while (rows.next()) {
            found.add(rows.getString(1));
          }
          return found;
        });
  }

  /** The sealed content of a record. */
  byte[] content(Row row) throws SQLException {
    PreparedStatement statement = statement(Sql.CONTENT);
    bind(statement, row.sequence());
    try (ResultSet rows = statement.executeQuery()) {
      byte[] content = rows.next() ? rows.getBytes(1) : null;
      if (content == null || !Digests.sha256(content).equals(row.contentDigest())) {
        throw new DamagedRecord("the content of record " + row.id() + " differs from its digest");
      }
      return content;
    }
  }

  /** The sealed outcome of a record; null without one. */
  byte @Nullable [] outcome(Row row) throws SQLException {
    if (row.outcomeDigest().isEmpty()) {
      return null;
    }
    PreparedStatement statement = statement("SELECT outcome FROM writes WHERE sequence = ?");
    bind(statement, row.sequence());
    try (ResultSet rows = statement.executeQuery()) {
      byte[] outcome = rows.next() ? rows.getBytes(1) : null;
      if (outcome == null || !Digests.sha256(outcome).equals(row.outcomeDigest())) {
        throw new DamagedRecord("the outcome of record " + row.id() + " differs from its digest");
      }
      return outcome;
    }
  }

  void insert(Row row, byte[] content) throws SQLException {
    run(
        Sql.INSERT_WRITE,
        row.sequence(),
        row.id(),
        row.state().name(),
        row.attempts(),
        row.epoch(),
        row.createdAt(),
        row.expiresAt(),
        row.notBefore(),
        row.finishedAt(),
        row.interrupted() ? 1 : 0,
        row.routeId(),
        row.orderTag(),
        row.idempotencyTag(),
        row.fingerprintTag(),
        row.bytes(),
        row.keyId(),
        row.contentDigest(),
        row.outcomeDigest(),
        row.digest(),
        row.principalTag(),
        row.parked() ? 1 : 0);
    run(Sql.INSERT_CONTENT, row.sequence(), content);
  }

  void update(Row row) throws SQLException {
    run(
        Sql.UPDATE_WRITE,
        row.state().name(),
        row.attempts(),
        row.epoch(),
        row.expiresAt(),
        row.notBefore(),
        row.finishedAt(),
        row.interrupted() ? 1 : 0,
        row.outcomeDigest(),
        row.parked() ? 1 : 0,
        row.digest(),
        row.sequence());
  }

  /** Replaces both sealed parts. */
  void reseal(Row row, byte[] content, byte @Nullable [] outcome) throws SQLException {
    run(
        Sql.RESEAL_WRITE,
        row.keyId(),
        row.contentDigest(),
        row.outcomeDigest(),
        outcome,
        row.digest(),
        row.sequence());
    run(Sql.RESEAL_CONTENT, content, row.sequence());
  }

  void putOutcome(Row row, byte @Nullable [] outcome) throws SQLException {
    run(Sql.UPDATE_OUTCOME, outcome, row.sequence());
  }

  void delete(Row row) throws SQLException {
    run(Sql.DELETE_CONTENT, row.sequence());
    run(Sql.DELETE_WRITE, row.sequence());
  }

  void run(String sql, @Nullable Object... values) throws SQLException {
    PreparedStatement statement = statement(sql);
    bind(statement, values);
    statement.executeUpdate();
  }

  /** Makes one thing of a result. */
  interface Reading<T> {
    T of(ResultSet rows) throws SQLException;
  }

  <T> T read(String sql, Reading<T> reading, Object... values) throws SQLException {
    PreparedStatement statement = statement(sql);
    bind(statement, values);
    try (ResultSet rows = statement.executeQuery()) {
      return reading.of(rows);
    }
  }

  private @Nullable Row first(String sql, String value) throws SQLException {
    List<Row> rows = all(sql, value);
    return rows.isEmpty() ? null : rows.get(0);
  }

  private List<Row> all(String sql, Object... values) throws SQLException {
    return read(
        sql,
        rows -> {
          List<Row> found = new ArrayList<>();
          boolean first = rows.getMetaData().getColumnCount() < COLUMNS;
          while (rows.next()) {
            found.add(row(rows, first));
          }
          return found;
        },
        values);
  }

  /**
   * One record.
   *
   * @param first the file is of the first format
   */
  private static Row row(ResultSet rows, boolean first) throws SQLException {
    Row row =
        new Row(
            rows.getLong(1),
            rows.getString(2),
            state(rows.getString(3)),
            rows.getInt(4),
            rows.getLong(5),
            rows.getLong(6),
            rows.getLong(7),
            rows.getLong(8),
            rows.getLong(9),
            rows.getInt(10) != 0,
            rows.getString(11).intern(), // few routes and keys, many records
            rows.getString(12),
            rows.getString(13),
            rows.getString(14),
            rows.getLong(15),
            rows.getString(16).intern(),
            rows.getString(17),
            rows.getString(18),
            first ? null : rows.getString(21),
            !first && rows.getInt(22) != 0);
    if (!row.digest().equals(rows.getString(19))) {
      throw new DamagedRecord("record " + row.sequence() + " differs from its digest");
    }
    return row;
  }

  private static WriteState state(String name) {
    try {
      return WriteState.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new DamagedRecord("a record has the unknown state " + name);
    }
  }

  private PreparedStatement statement(String sql) throws SQLException {
    PreparedStatement known = prepared.get(sql);
    if (known == null) {
      known = connection.prepareStatement(sql);
      prepared.put(sql, known);
    }
    return known;
  }

  private static void bind(PreparedStatement statement, @Nullable Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value instanceof byte[] bytes) {
        statement.setBytes(i + 1, bytes);
      } else {
        statement.setObject(i + 1, value);
      }
    }
  }
}
