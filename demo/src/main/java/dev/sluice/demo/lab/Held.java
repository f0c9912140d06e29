package dev.sluice.demo.lab;

import dev.sluice.demo.postgres.EmbeddedPostgres;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Sessions;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.R2dbcException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Sessions that hold on to something while a fault lasts. */
final class Held implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** More than half of the slots, with enough left for a probe to see it. */
  private static final int MOST_COUNTED = 30;

  private final ConnectionFactory factory;
  private final List<Connection> sessions = new ArrayList<>();

  private Held(EmbeddedPostgres postgres, String role, String database) {
    factory =
        ConnectionFactories.get(
            "r2dbc:postgresql://%s:%s@127.0.0.1:%d/%s"
                .formatted(role, postgres.password(), postgres.port(), database));
  }

  /**
   * Takes every slot that is left, and each that becomes free. First only as many as a probe can
   * still count.
   */
  static void slots(Cell cell, String role, String database) {
    EmbeddedPostgres postgres = cell.world().postgres();
    postgres.administer(
        "do $$ begin create role %s login password '%s'; exception when duplicate_object then null; end $$"
            .formatted(role, postgres.password()));
    Held held = new Held(postgres, role, database);
    cell.hold(held);
    held.take(MOST_COUNTED);
    Experiment.await(20, () -> counted(cell));
    cell.repeat(300, () -> held.take(100));
  }

  private static boolean counted(Cell cell) {
    Climb climb = cell.dependency(Truth.DATABASE).lastClimb();
    Sessions sessions = climb == null ? null : climb.sessions();
    return sessions != null && Math.max(sessions.application(), sessions.others()) >= MOST_COUNTED;
  }

  /** Locks the table and forgets to end the transaction. */
  static void lock(Cell cell) {
    EmbeddedPostgres postgres = cell.world().postgres();
    Held held = new Held(postgres, postgres.user(), postgres.database());
    cell.hold(held);
    held.take(1);
    Connection session = held.sessions.get(0);
    done(session.beginTransaction());
    done(
        Flux.from(session.createStatement("lock table orders in access exclusive mode").execute())
            .concatMap(result -> result.getRowsUpdated()));
  }

  /** Has the server begin to shut down, which one session keeps it from ending. */
  static void lastSession(Cell cell) {
    EmbeddedPostgres postgres = cell.world().postgres();
    Held held = new Held(postgres, postgres.user(), postgres.database());
    cell.hold(held);
    held.take(1);
    postgres.stopSmart();
  }

  /** Takes this many more, or as many as the server gives. */
  private synchronized void take(int more) {
    try {
      for (int i = 0; i < more; i++) {
        sessions.add(
            Objects.requireNonNull(Mono.<Connection>from(factory.create()).block(PATIENCE)));
      }
    } catch (R2dbcException full) {
      if (!"53300".equals(full.getSqlState())) {
        throw full;
      }
    }
  }

  private static void done(Publisher<?> work) {
    Flux.from(work).blockLast(PATIENCE);
  }

  @Override
  public synchronized void close() {
    for (Connection session : sessions) {
      Mono.from(session.close()).onErrorComplete().block(PATIENCE);
    }
    sessions.clear();
  }
}
