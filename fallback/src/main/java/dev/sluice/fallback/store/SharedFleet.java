package dev.sluice.fallback.store;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** A fleet by two tables of the shared database, and by its clock alone. */
final class SharedFleet implements Fleet {
  private static final String THERE = "SELECT (to_regclass('sluice_leases') IS NOT NULL)::text";
  private static final List<String> SCHEMA =
      List.of(
          "CREATE TABLE IF NOT EXISTS sluice_gateways (id text PRIMARY KEY,"
              + " at timestamptz NOT NULL, said text NOT NULL)",
          "CREATE TABLE IF NOT EXISTS sluice_leases (name text PRIMARY KEY, holder text NOT NULL,"
              + " epoch bigint NOT NULL, until timestamptz NOT NULL)");

  private static final String SAY =
      "INSERT INTO sluice_gateways AS g (id, at, said) VALUES ($1, clock_timestamp(), $2)"
          + " ON CONFLICT (id) DO UPDATE SET at = excluded.at, said = excluded.said";
  private static final String LEAD =
      """
      INSERT INTO sluice_leases AS l (name, holder, epoch, until)
      VALUES ('fleet', $1, 1, clock_timestamp() + $2 * interval '1 millisecond')
      ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until,
        epoch = CASE WHEN l.holder = excluded.holder THEN l.epoch ELSE l.epoch + 1 END
        WHERE l.holder = excluded.holder OR l.until < clock_timestamp()
      RETURNING epoch""";
  private static final String OTHERS =
      "SELECT id, coalesce(id = (SELECT holder FROM sluice_leases WHERE name = 'fleet'"
          + " AND until > clock_timestamp()), false)::text, CASE WHEN $3 OR NOT (id = ANY($4)) OR id ="
          + " (SELECT holder FROM sluice_leases WHERE name = 'fleet') THEN said END"
          + " FROM sluice_gateways"
          + " WHERE id <> $1 AND at > clock_timestamp() - $2 * interval '1 millisecond' ORDER BY id LIMIT 1000";
  private static final String FORGET =
      "DELETE FROM sluice_gateways WHERE at < clock_timestamp() - interval '1 minute'";
  private static final String LEAVE = "DELETE FROM sluice_gateways WHERE id = $1";
  private static final String LAY_DOWN =
      "UPDATE sluice_leases SET until = clock_timestamp() WHERE name = 'fleet' AND holder = $1";

  /** Nobody begins to lead before what it guards is committed. */
  private static final String LEADS =
      "SELECT epoch FROM sluice_leases WHERE name = 'fleet' AND holder = $1 AND epoch = $2"
          + " AND until > clock_timestamp() FOR SHARE";

  /** A gateway's words are hundreds of bytes, and every one of forty would read them all. */
  private static final int ALL_EVERY = 5;

  private final SharedPool pool;
  private final InstantSource clock;
  private final String id = UUID.randomUUID().toString();
  private final Map<String, String> words = new ConcurrentHashMap<>();
  private final AtomicInteger calls = new AtomicInteger();
  private volatile boolean made;

  SharedFleet(SharedPool pool, InstantSource clock) {
    this.pool = pool;
    this.clock = clock;
  }

  @Override
  public String id() {
    return id;
  }

  private Mono<Boolean> made() {
    if (made) {
      return Mono.just(true);
    }
    return SharedSchema.made(pool, THERE, SCHEMA).doOnNext(done -> made = true);
  }

  @Override
  public CompletableFuture<Roll> call(String said) {
    return made().then(pool.with(c -> called(c, said))).toFuture();
  }

  private Mono<Roll> called(Connection c, String said) {
    return Queries.change(c, SAY, id, said)
        .then(Queries.rows(c, LEAD, row -> Queries.number(row, 0), id, LEASE_MILLIS))
        .flatMap(
            epochs ->
                (epochs.isEmpty() ? Mono.just(0L) : Queries.change(c, FORGET))
                    .then(others(c, !epochs.isEmpty()))
                    .map(
                        others ->
                            new Roll(
                                !epochs.isEmpty(), epochs.isEmpty() ? 0 : epochs.get(0), others)));
  }

  /** Who leads hears all that is said; the others hear the leader, and all now and then. */
  private Mono<List<Other>> others(Connection c, boolean leads) {
    boolean all = leads || calls.getAndIncrement() % ALL_EVERY == 0;
    String[] known = words.keySet().toArray(String[]::new);
    return Queries.rows(c, OTHERS, this::other, id, GONE_MILLIS, all, known)
        .doOnNext(others -> words.keySet().retainAll(others.stream().map(Other::id).toList()));
  }

  private Other other(Readable row) {
    String other = Queries.text(row, 0);
    boolean leads = Queries.text(row, 1).equals("true");
    String said = row.get(2, String.class);
    if (said != null) {
      words.put(other, said);
    }
    return new Other(other, leads, said == null ? words.getOrDefault(other, "") : said);
  }

  @Override
  public CompletableFuture<Void> leave() {
    return made()
        .then(pool.with(c -> Queries.change(c, LEAVE, id).then(Queries.change(c, LAY_DOWN, id))))
        .then()
        .toFuture();
  }

  @Override
  public CompletableFuture<Boolean> append(long epoch, String kind, String key, String text) {
    SharedJournal.check(text);
    return pool.transaction(
            "SELECT ''",
            (c, texts) ->
                Queries.rows(c, LEADS, row -> Queries.number(row, 0), id, epoch)
                    .flatMap(
                        leads ->
                            leads.isEmpty()
                                ? Mono.just(false)
                                : SharedJournal.append(c, kind, key, clock.millis(), text)))
        .toFuture();
  }
}
