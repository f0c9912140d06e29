package dev.sluice.fallback.store;

import java.util.List;

/** The schema and the statements of the store that gateways share, for PostgreSQL's dialect. */
final class SharedSql {
  static final int FORMAT = 1;

  /** Keys of advisory locks that no ordering key's can be: those have the lowest bit set. */
  static final long SCHEMA_LOCK = 0x536c_6365_0000L;

  static final long CLAIM_LOCK = 0x536c_6365_0002L;

  static final long COPIES_LOCK = 0x536c_6365_0004L;

  private static final String WAITING = "state IN ('QUEUED', 'RETRY_WAIT')";
  private static final String ACTIVE = "state IN ('QUEUED', 'RETRY_WAIT', 'IN_FLIGHT')";

  static final List<String> SCHEMA =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS sluice_meta (
            one int PRIMARY KEY CHECK (one = 1),
            format int NOT NULL,
            salt bytea NOT NULL,
            salt_key text NOT NULL
          )""",
          "CREATE SEQUENCE IF NOT EXISTS sluice_sequence",
          """
          CREATE TABLE IF NOT EXISTS sluice_writes (
            sequence bigint PRIMARY KEY,
            id text NOT NULL UNIQUE,
            state text NOT NULL,
            attempts int NOT NULL DEFAULT 0,
            epoch bigint NOT NULL DEFAULT 0,
            created_at bigint NOT NULL,
            expires_at bigint NOT NULL,
            not_before bigint NOT NULL,
            finished_at bigint NOT NULL DEFAULT 0,
            lease_until bigint NOT NULL DEFAULT 0,
            interrupted boolean NOT NULL DEFAULT false,
            parked boolean NOT NULL DEFAULT false,
            route_id text NOT NULL,
            order_tag text,
            idempotency_tag text UNIQUE,
            fingerprint_tag text NOT NULL,
            principal_tag text NOT NULL,
            bytes bigint NOT NULL,
            key_id text NOT NULL,
            content_digest text NOT NULL,
            content bytea NOT NULL,
            outcome bytea
          )""",
          "CREATE INDEX IF NOT EXISTS sluice_writes_routes ON sluice_writes (route_id, sequence)"
              + " WHERE "
              + ACTIVE,
          "CREATE INDEX IF NOT EXISTS sluice_writes_active ON sluice_writes (state, created_at)"
              + " INCLUDE (bytes) WHERE "
              + ACTIVE,
          "CREATE INDEX IF NOT EXISTS sluice_writes_keys ON sluice_writes (order_tag, sequence)"
              + " WHERE order_tag IS NOT NULL AND ("
              + ACTIVE
              + " OR parked)",
          // Whatever a gateway believes: one record of an ordering key is in flight at most.
          "CREATE UNIQUE INDEX IF NOT EXISTS sluice_writes_one_in_flight"
              + " ON sluice_writes (order_tag) WHERE state = 'IN_FLIGHT'",
          "CREATE INDEX IF NOT EXISTS sluice_writes_principals ON sluice_writes (principal_tag)"
              + " INCLUDE (bytes) WHERE "
              + ACTIVE,
          "CREATE INDEX IF NOT EXISTS sluice_writes_ended ON sluice_writes (finished_at)"
              + " WHERE finished_at > 0",
          // Which routes queue, by the database's own clock: see SharedRoutes.
          "CREATE TABLE IF NOT EXISTS sluice_routes (route_id text PRIMARY KEY,"
              + " since bigint NOT NULL, until bigint NOT NULL)",
          """
          CREATE TABLE IF NOT EXISTS sluice_journal (
            note bigserial PRIMARY KEY,
            kind text NOT NULL,
            id text NOT NULL,
            at bigint NOT NULL,
            said text NOT NULL
          )""",
          "CREATE INDEX IF NOT EXISTS sluice_journal_by_id ON sluice_journal (kind, id, note)");

  static final String THERE = "SELECT (to_regclass('sluice_journal_by_id') IS NOT NULL)::text";
  static final String INSERT_META =
      "INSERT INTO sluice_meta VALUES (1, $1, $2, $3) ON CONFLICT DO NOTHING";
  static final String SELECT_META = "SELECT format, salt, salt_key FROM sluice_meta";
  static final String UPDATE_SALT = "UPDATE sluice_meta SET salt = $1, salt_key = $2";

  static final String INSERT_WRITES =
      """
      INSERT INTO sluice_writes (sequence, id, state, created_at, expires_at, not_before, route_id,
        order_tag, idempotency_tag, fingerprint_tag, principal_tag, bytes, key_id, content_digest,
        content)
      SELECT sequence, id, 'QUEUED', created_at, expires_at, created_at, route_id,
        nullif(order_tag, ''), nullif(idempotency_tag, ''), fingerprint_tag, principal_tag, bytes,
        key_id, content_digest, decode(content, 'base64')
      FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[],
        $7::text[], $8::text[], $9::text[], $10::bigint[], $11::text[], $12::text[], $13::text[])
        AS w (sequence, id, created_at, expires_at, route_id, order_tag, idempotency_tag,
          fingerprint_tag, principal_tag, bytes, key_id, content_digest, content)
      ORDER BY idempotency_tag, sequence
      ON CONFLICT (idempotency_tag) DO NOTHING
      RETURNING id""";
  static final String BY_KEYS =
      "SELECT idempotency_tag, id, fingerprint_tag FROM sluice_writes"
          + " WHERE idempotency_tag = ANY($1)";
  static final String SHARES =
      "SELECT principal_tag, count(*), coalesce(sum(bytes), 0)::bigint FROM sluice_writes WHERE "
          + ACTIVE
          + " AND principal_tag = ANY($1) GROUP BY principal_tag";

  private static final String COLUMNS =
      "sequence, id, state, attempts, epoch, created_at, expires_at, not_before, finished_at,"
          + " interrupted, key_id, content_digest, content, outcome";

  /**
   * Due writes of these routes: first of their ordering key, none of which is in flight or holds it
   * up; no more than the budgets of the route and of all routes leave.
   */
  static final String CLAIM =
      """
      WITH flying AS (
        SELECT count(*) AS all_routes, count(*) FILTER (WHERE route_id = ANY($1)) AS these
        FROM sluice_writes WHERE state = 'IN_FLIGHT'),
      due AS (
        SELECT w.sequence FROM sluice_writes w
        WHERE w.state IN ('QUEUED', 'RETRY_WAIT') AND w.route_id = ANY($1)
          AND w.not_before <= $2 AND w.expires_at > $2
          AND NOT EXISTS (
            SELECT 1 FROM sluice_writes e
            WHERE e.order_tag = w.order_tag
              AND (e.state IN ('QUEUED', 'RETRY_WAIT', 'IN_FLIGHT') OR e.parked)
              AND (e.sequence < w.sequence OR e.state = 'IN_FLIGHT' OR e.parked))
        ORDER BY w.sequence
        LIMIT (SELECT greatest(0, least($3, $4 - all_routes, $5 - these)) FROM flying)
        FOR UPDATE OF w SKIP LOCKED)
      UPDATE sluice_writes t
      SET state = 'IN_FLIGHT', attempts = attempts + 1, epoch = epoch + 1, lease_until = $6
      FROM due WHERE t.sequence = due.sequence
      RETURNING"""
          + " t."
          + COLUMNS.replace(", ", ", t.");

  /** Attempts of gateways that died may have reached the backend: they wait, marked. */
  static final String RECLAIM =
      "UPDATE sluice_writes SET state = 'RETRY_WAIT', epoch = epoch + 1, interrupted = true,"
          + " not_before = $1, lease_until = 0"
          + " WHERE state = 'IN_FLIGHT' AND lease_until <= $1";

  private static final String LEASED = " WHERE id = $1 AND epoch = $2 AND state = 'IN_FLIGHT'";
  static final String END =
      "UPDATE sluice_writes SET state = $3, finished_at = $4, parked = $5 AND order_tag IS NOT NULL,"
          + " outcome = $6, lease_until = 0"
          + LEASED;
  static final String RETRY =
      "UPDATE sluice_writes SET state = 'RETRY_WAIT', not_before = $3, outcome = $4,"
          + " lease_until = 0, attempts = greatest(0, attempts - $5)"
          + LEASED;
  static final String FAIL_BEHIND =
      "UPDATE sluice_writes w SET state = 'FAILED', finished_at = $2, outcome = NULL"
          + " FROM sluice_writes e WHERE e.id = $1 AND w.order_tag = e.order_tag"
          + " AND w.sequence > e.sequence AND w.state IN ('QUEUED', 'RETRY_WAIT') RETURNING w."
          + COLUMNS.replace(", ", ", w.");
  static final String PLACE = "SELECT sequence, key_id FROM sluice_writes WHERE id = $1";

  static final String EXPIRE =
      "UPDATE sluice_writes SET state = 'EXPIRED', finished_at = $1, outcome = NULL WHERE sequence"
          + " IN (SELECT sequence FROM sluice_writes WHERE "
          + WAITING
          + " AND expires_at <= $1 ORDER BY sequence LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING "
          + COLUMNS;
  static final String CANCEL =
      "UPDATE sluice_writes SET state = 'CANCELLED', finished_at = $2"
          + " WHERE id = $1 AND state = ANY($3)";
  static final String LET_GO_ON =
      "UPDATE sluice_writes SET parked = false WHERE id = $1 AND parked";
  static final String REQUEUE =
      "UPDATE sluice_writes SET state = 'QUEUED', attempts = 0, epoch = epoch + 1, not_before = $2,"
          + " expires_at = $3, finished_at = 0, interrupted = false, parked = false, outcome = NULL"
          + " WHERE id = $1 AND state = ANY($4)";
  static final String PURGE =
      "DELETE FROM sluice_writes WHERE sequence IN (SELECT sequence FROM sluice_writes WHERE"
          + " finished_at > 0 AND finished_at <= $1 AND NOT parked ORDER BY finished_at LIMIT $2"
          + " FOR UPDATE SKIP LOCKED)";
  static final String TRIM =
      "DELETE FROM sluice_writes WHERE sequence IN (SELECT sequence FROM sluice_writes WHERE"
          + " finished_at > 0 AND state = ANY($1) ORDER BY finished_at LIMIT $2"
          + " FOR UPDATE SKIP LOCKED)";

  static final String FIND = "SELECT " + COLUMNS + " FROM sluice_writes WHERE id = $1";
  static final String LIST =
      "SELECT "
          + COLUMNS
          + " FROM sluice_writes WHERE state = ANY($1) AND sequence > $2 ORDER BY sequence LIMIT $3";

  static final String COUNT_ACTIVE =
      "SELECT state, count(*), coalesce(sum(bytes), 0)::bigint, min(created_at) FROM sluice_writes"
          + " WHERE "
          + ACTIVE
          + " GROUP BY state";
  static final String COUNT_ENDED =
      "SELECT state, count(*), coalesce(sum(bytes + coalesce(length(outcome), 0)), 0)::bigint,"
          + " min(created_at) FROM sluice_writes WHERE finished_at > 0 GROUP BY state";

  /** Each route with active writes once, by leaps over the index. */
  static final String ROUTES =
      """
      WITH RECURSIVE r AS (
        (SELECT route_id FROM sluice_writes WHERE state IN ('QUEUED', 'RETRY_WAIT', 'IN_FLIGHT')
          ORDER BY route_id LIMIT 1)
        UNION ALL
        SELECT (SELECT w.route_id FROM sluice_writes w
          WHERE w.state IN ('QUEUED', 'RETRY_WAIT', 'IN_FLIGHT') AND w.route_id > r.route_id
          ORDER BY w.route_id LIMIT 1)
        FROM r WHERE r.route_id IS NOT NULL)
      SELECT route_id FROM r WHERE route_id IS NOT NULL""";

  private static final String NOW = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

  /** How long each route has been announced, and how long that still holds, in milliseconds. */
  static final String ANNOUNCED =
      "SELECT route_id, "
          + NOW
          + " - since, until - "
          + NOW
          + " FROM sluice_routes WHERE until > "
          + NOW;

  static final String ANNOUNCE =
      "INSERT INTO sluice_routes AS r SELECT id, "
          + NOW
          + ", "
          + NOW
          + " + $2 FROM unnest($1::text[]) id ON CONFLICT (route_id) DO UPDATE SET"
          + " since = CASE WHEN r.until < "
          + NOW
          + " THEN excluded.since ELSE r.since END, until = greatest(r.until, excluded.until)";
  static final String STANDING_KEYS =
      "SELECT DISTINCT ON (order_tag) order_tag, id, principal_tag FROM sluice_writes"
          + " WHERE order_tag IS NOT NULL AND ("
          + ACTIVE
          + " OR parked) ORDER BY order_tag, sequence DESC LIMIT $1";
  static final String CLIENT_KEYS =
      "SELECT idempotency_tag, sequence FROM sluice_writes WHERE idempotency_tag IS NOT NULL"
          + " AND sequence > $1 ORDER BY sequence LIMIT $2";

  static final String SEALED_OTHERWISE =
      "SELECT sequence, id, key_id, content, outcome FROM sluice_writes WHERE key_id <> $1"
          + " AND state <> 'IN_FLIGHT' ORDER BY sequence LIMIT $2 FOR UPDATE";
  static final String RESEAL =
      "UPDATE sluice_writes SET key_id = $2, content_digest = $3, content = $4, outcome = $5"
          + " WHERE sequence = $1";

  static final String INSERT_NOTE =
      "INSERT INTO sluice_journal (kind, id, at, said) VALUES ($1, $2, $3, $4)";
  static final String FORGET_NOTES =
      "DELETE FROM sluice_journal WHERE kind = $1 AND id = $2 AND note <= (SELECT note FROM"
          + " sluice_journal WHERE kind = $1 AND id = $2 ORDER BY note DESC LIMIT 1 OFFSET $3)";
  static final String LATEST_NOTES =
      "SELECT DISTINCT ON (id) id, said FROM sluice_journal WHERE kind = $1 ORDER BY id, note DESC";
  static final String NOTES =
      "SELECT at, said FROM sluice_journal WHERE kind = $1 AND id = $2 ORDER BY note DESC LIMIT $3";

  private SharedSql() {}
}
