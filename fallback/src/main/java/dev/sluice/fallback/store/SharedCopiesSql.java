package dev.sluice.fallback.store;

import java.util.List;

/** The schema and the statements of copies that gateways share, for PostgreSQL's dialect. */
final class SharedCopiesSql {
  /** Whoever has it commits before the next draws a number: changes are committed in order. */
  static final String LOCK = "SELECT pg_advisory_xact_lock(" + SharedSql.COPIES_LOCK + ")::text";

  static final List<String> SCHEMA =
      List.of(
          "CREATE SEQUENCE IF NOT EXISTS sluice_copy_changes",
          """
          CREATE TABLE IF NOT EXISTS sluice_copies (
            id text PRIMARY KEY,
            entry text NOT NULL,
            place text NOT NULL,
            stored_at bigint NOT NULL,
            bytes int NOT NULL,
            key_id text NOT NULL,
            content bytea NOT NULL,
            change bigint NOT NULL
          )""",
          "CREATE INDEX IF NOT EXISTS sluice_copies_entry ON sluice_copies (entry)",
          "CREATE INDEX IF NOT EXISTS sluice_copies_place ON sluice_copies (place)",
          "CREATE INDEX IF NOT EXISTS sluice_copies_age ON sluice_copies (stored_at, id)",
          "CREATE INDEX IF NOT EXISTS sluice_copies_change ON sluice_copies (change)",
          // What a gateway made void, last of each; by the database's own clock.
          """
          CREATE TABLE IF NOT EXISTS sluice_voids (
            what text NOT NULL,
            gateway text NOT NULL,
            change bigint NOT NULL,
            at timestamptz NOT NULL,
            key_id text NOT NULL,
            content bytea NOT NULL,
            PRIMARY KEY (what, gateway)
          )""",
          "CREATE INDEX IF NOT EXISTS sluice_voids_change ON sluice_voids (change)");

  static final String THERE = "SELECT (to_regclass('sluice_voids_change') IS NOT NULL)::text";

  /** What was void so many milliseconds ago already, and what has been kept by now. */
  static final String BEGIN =
      "SELECT (SELECT coalesce(max(change), 0) FROM sluice_voids"
          + " WHERE at < clock_timestamp() - $1 * interval '1 millisecond'),"
          + " (SELECT coalesce(max(change), 0) FROM sluice_copies)";

  /** The newest first, from one that was the last before. */
  static final String PAGE =
      "SELECT id, key_id, content, stored_at FROM sluice_copies"
          + " WHERE stored_at >= $1 AND (stored_at, id) < ($2, $3)"
          + " ORDER BY stored_at DESC, id DESC LIMIT $4";

  static final String VOIDS =
      "SELECT change, what, key_id, content FROM sluice_voids"
          + " WHERE change > $1 AND gateway <> $2 ORDER BY change LIMIT $3";
  static final String NEWS =
      "SELECT change, id, place, stored_at, bytes FROM sluice_copies WHERE change > $1"
          + " ORDER BY change LIMIT $2";
  static final String SOME = "SELECT id, key_id, content FROM sluice_copies WHERE id = ANY($1)";

  static final String DROP = "DELETE FROM sluice_copies WHERE place = ANY($1) OR entry = ANY($1)";
  static final String CLEAR = "DELETE FROM sluice_copies";
  static final String VOID =
      "INSERT INTO sluice_voids AS v (what, gateway, change, at, key_id, content)"
          + " SELECT what, $1, nextval('sluice_copy_changes'), clock_timestamp(), $2,"
          + " decode(content, 'base64') FROM unnest($3::text[], $4::text[]) AS n (what, content)"
          + " ON CONFLICT (what, gateway) DO UPDATE SET change = excluded.change,"
          + " at = excluded.at, key_id = excluded.key_id, content = excluded.content";

  /** Not what another gateway made void since it was asked for, nor what is older than it has. */
  static final String PUT =
      """
      INSERT INTO sluice_copies AS c
        (id, entry, place, stored_at, bytes, key_id, content, change)
      SELECT id, entry, place, stored_at, length(content) / 4 * 3, $2, decode(content, 'base64'),
        nextval('sluice_copy_changes')
      FROM unnest($3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::text[])
        AS n (id, entry, place, stored_at, heard, content)
      WHERE NOT EXISTS (
        SELECT 1 FROM sluice_voids v
        WHERE v.what IN (n.place, n.entry, '') AND v.gateway <> $1 AND v.change > n.heard)
      ON CONFLICT (id) DO UPDATE SET stored_at = excluded.stored_at, bytes = excluded.bytes,
        key_id = excluded.key_id, content = excluded.content, change = excluded.change
        WHERE c.stored_at <= excluded.stored_at""";

  static final String FORGET_OLD = "DELETE FROM sluice_copies WHERE stored_at < $1";
  static final String FORGET_MANY =
      "DELETE FROM sluice_copies WHERE id IN (SELECT id FROM (SELECT id,"
          + " sum(bytes) OVER (ORDER BY stored_at DESC, id DESC) AS all_bytes"
          + " FROM sluice_copies) AS c WHERE all_bytes > $1)";
  static final String FORGET_VOIDS =
      "DELETE FROM sluice_voids WHERE at < clock_timestamp() - $1 * interval '1 millisecond'";

  private SharedCopiesSql() {}
}
