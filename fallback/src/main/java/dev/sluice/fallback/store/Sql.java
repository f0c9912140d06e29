package dev.sluice.fallback.store;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Map;

/** The schema and the statements of the store's file. */
final class Sql {
  /** Marks the file as Sluice's own: "Slce". */
  static final int APPLICATION_ID = 0x536c6365;

  static final int FORMAT = 2;

  static final String[] SCHEMA = {
    """
    CREATE TABLE meta (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      sequence INTEGER NOT NULL,
      commits INTEGER NOT NULL,
      salt BLOB NOT NULL,
      salt_key TEXT NOT NULL
    ) STRICT""",
    """
    CREATE TABLE writes (
      sequence INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      state TEXT NOT NULL,
      attempts INTEGER NOT NULL,
      epoch INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      not_before INTEGER NOT NULL,
      finished_at INTEGER NOT NULL,
      interrupted INTEGER NOT NULL,
      route_id TEXT NOT NULL,
      order_tag TEXT,
      idempotency_tag TEXT UNIQUE,
      fingerprint_tag TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      key_id TEXT NOT NULL,
      content_digest TEXT NOT NULL,
      outcome_digest TEXT NOT NULL,
      row_digest TEXT NOT NULL,
      outcome BLOB,
      principal_tag TEXT,
      parked INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
    "CREATE INDEX writes_by_state ON writes (state, sequence)",
    "CREATE INDEX writes_by_end ON writes (finished_at) WHERE finished_at > 0",
    "CREATE INDEX writes_parked ON writes (sequence) WHERE parked = 1",
    "CREATE TABLE contents (sequence INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT",
    "PRAGMA application_id = " + APPLICATION_ID,
    "PRAGMA user_version = " + FORMAT,
  };

  /** From the format of this number to the next, in one transaction. */
  static final Map<Integer, List<String>> MIGRATIONS =
      Map.of(
          1,
          List.of(
              "ALTER TABLE writes ADD COLUMN principal_tag TEXT",
              "ALTER TABLE writes ADD COLUMN parked INTEGER NOT NULL DEFAULT 0",
              "CREATE INDEX writes_parked ON writes (sequence) WHERE parked = 1"));

  /** Added to files of the same format that were made without it. */
  static final String JOURNAL =
      "CREATE TABLE IF NOT EXISTS journal (note INTEGER PRIMARY KEY, kind TEXT NOT NULL,"
          + " id TEXT NOT NULL, at INTEGER NOT NULL, text TEXT NOT NULL) STRICT";

  static final String JOURNAL_INDEX =
      "CREATE INDEX IF NOT EXISTS journal_by_id ON journal (kind, id, note)";

  static final String INSERT_NOTE = "INSERT INTO journal (kind, id, at, text) VALUES (?, ?, ?, ?)";
  static final String FORGET_NOTES =
      "DELETE FROM journal WHERE kind = ? AND id = ? AND note <= (SELECT note FROM journal"
          + " WHERE kind = ? AND id = ? ORDER BY note DESC LIMIT 1 OFFSET ?)";
  static final String LATEST_NOTES =
      "SELECT id, text FROM journal WHERE note IN"
          + " (SELECT max(note) FROM journal WHERE kind = ? GROUP BY id)";
  static final String NOTES =
      "SELECT at, text FROM journal WHERE kind = ? AND id = ? ORDER BY note DESC LIMIT ?";

  static final String INSERT_META = "INSERT INTO meta VALUES (1, 0, 0, ?, ?)";
  static final String SELECT_META = "SELECT sequence, commits, salt, salt_key FROM meta";
  static final String UPDATE_META = "UPDATE meta SET sequence = ?, commits = ?";
  static final String UPDATE_SALT = "UPDATE meta SET salt = ?, salt_key = ?";

  static final String INSERT_WRITE =
      "INSERT INTO writes VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,NULL,?,?)";
  static final String INSERT_CONTENT = "INSERT INTO contents VALUES (?, ?)";
  static final String UPDATE_WRITE =
      "UPDATE writes SET state = ?, attempts = ?, epoch = ?, expires_at = ?, not_before = ?,"
          + " finished_at = ?, interrupted = ?, outcome_digest = ?, parked = ?, row_digest = ?"
          + " WHERE sequence = ?";
  static final String RESEAL_WRITE =
      "UPDATE writes SET key_id = ?, content_digest = ?, outcome_digest = ?, outcome = ?,"
          + " row_digest = ? WHERE sequence = ?";
  static final String RESEAL_CONTENT = "UPDATE contents SET content = ? WHERE sequence = ?";
  static final String UPDATE_OUTCOME = "UPDATE writes SET outcome = ? WHERE sequence = ?";

  static final String BY_ID = "SELECT * FROM writes WHERE id = ?";
  static final String BY_KEY = "SELECT * FROM writes WHERE idempotency_tag = ?";
  static final String BY_STATE =
      "SELECT * FROM writes WHERE state = ? AND sequence > ? ORDER BY sequence LIMIT ?";
  static final String AFTER = "SELECT * FROM writes WHERE sequence > ? ORDER BY sequence LIMIT ?";
  static final String CONTENT = "SELECT content FROM contents WHERE sequence = ?";
  static final String COUNTS = "SELECT state, count(*) FROM writes GROUP BY state";
  static final String KEY_IDS = "SELECT DISTINCT key_id FROM writes";
  static final String SEALED_OTHERWISE =
      "SELECT * FROM writes WHERE key_id <> ? AND sequence > ? ORDER BY sequence LIMIT ?";
  static final String PARKED = "SELECT * FROM writes WHERE parked = 1";
  static final String CLIENT_KEYS =
      "SELECT idempotency_tag FROM writes WHERE idempotency_tag IS NOT NULL";
  static final String ENDED_BEFORE =
      "SELECT * FROM writes WHERE finished_at > 0 AND finished_at <= ?"
          + " AND parked = 0 ORDER BY finished_at LIMIT ?";
  static final String SETTLED =
      "SELECT * FROM writes WHERE finished_at > 0 AND state IN ("
          + EndedBytes.SETTLED.stream().map(state -> "'" + state + "'").collect(joining(","))
          + ") ORDER BY finished_at LIMIT ?";
  static final String ENDED_BYTES =
      "SELECT state, sum(bytes + coalesce(length(outcome), 0)) FROM writes WHERE finished_at > 0"
          + " GROUP BY state";
  static final String OUTCOME_BYTES = "SELECT length(outcome) FROM writes WHERE sequence = ?";
  static final String DELETE_WRITE = "DELETE FROM writes WHERE sequence = ?";
  static final String DELETE_CONTENT = "DELETE FROM contents WHERE sequence = ?";

  private Sql() {}
}
