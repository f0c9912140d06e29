package dev.sluice.demo.cli;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.postgres.EmbeddedPostgres;
import dev.sluice.demo.tour.DemoWorld;
import dev.sluice.demo.tour.Stand;
import java.util.ArrayList;
import java.util.List;

/**
 * Breaks the demo's world and heals it. Each method returns one line with what was done and what to
 * look at; all block, and are called from one thread.
 */
final class Levers {
  private static final String ASIDE = "orders_dropped";

  /** Rows that a restarted backend took into a new table are kept too. */
  private static final String RESTORE =
      """
      do $$ begin
        if to_regclass('orders') is not null then
          insert into %1$s (item, quantity) select item, quantity from orders order by id;
          drop table orders;
        end if;
        alter table %1$s rename to orders;
      end $$"""
          .formatted(ASIDE);

  private final Stand stand;
  private final DemoWorld world;
  private final EmbeddedPostgres postgres;

  Levers(Stand stand) {
    this.stand = stand;
    this.world = stand.world();
    this.postgres = world.postgres();
  }

  /** Breaks the way to the database alone, or the network that the control shares. */
  String breakPath(Mode mode, boolean all) {
    world.databaseProxy().mode(mode);
    world.controlProxy().mode(all ? mode : Mode.PASS);
    String where = all ? "the whole network, control included" : "the way to the database alone";
    return label(mode) + " on " + where + ". Look: " + get("/api/orders") + " and " + health();
  }

  /** A dead server on a living machine: its port refuses. */
  String kill() {
    postgres.kill();
    world.databaseProxy().mode(Mode.REFUSE);
    return "PostgreSQL is killed, its port refuses. Look: "
        + get("/api/orders")
        + " and "
        + health();
  }

  String stop() {
    if (postgres.pids().isEmpty()) {
      return "PostgreSQL does not run. Type heal to start it.";
    }
    postgres.stop();
    world.databaseProxy().mode(Mode.REFUSE);
    return "PostgreSQL is shut down as by an administrator. Look: " + health();
  }

  String heal() {
    List<String> healed = new ArrayList<>();
    if (postgres.pids().isEmpty()) {
      postgres.restart();
      healed.add("PostgreSQL runs again");
    }
    if (broken()) {
      world.path(Mode.PASS);
      healed.add("the network passes");
    }
    if (dropped()) {
      postgres.execute(RESTORE);
      healed.add("the table is back");
    }
    return healed.isEmpty()
        ? "Nothing is broken."
        : "Healed: "
            + String.join(", ", healed)
            + ". Look: the notices, then "
            + get("/api/orders");
  }

  String dropTable() {
    if (postgres.pids().isEmpty()) {
      return "PostgreSQL does not run. Type heal to start it.";
    }
    if (dropped()) {
      return "The table is dropped already. Type restore-table or heal.";
    }
    postgres.execute("alter table orders rename to " + ASIDE);
    return "The table orders is gone, as after a wrong migration. Look: "
        + get("/api/orders")
        + " and the notices: the application's fault, the mode stays";
  }

  String restoreTable() {
    if (postgres.pids().isEmpty()) {
      return "PostgreSQL does not run. Type heal to start it.";
    }
    if (!dropped()) {
      return "The table orders is there.";
    }
    postgres.execute(RESTORE);
    return "The table orders is back with its rows. Look: " + get("/api/orders");
  }

  /** How the broken things stand. */
  String status() {
    boolean runs = !postgres.pids().isEmpty();
    return "PostgreSQL "
        + (runs ? "runs" : "is down")
        + (runs && dropped() ? ", the table orders is dropped" : "")
        + "; network: database "
        + label(world.databaseProxy().mode())
        + ", control "
        + label(world.controlProxy().mode());
  }

  private boolean broken() {
    return world.databaseProxy().mode() != Mode.PASS || world.controlProxy().mode() != Mode.PASS;
  }

  private boolean dropped() {
    return postgres.query("select to_regclass('" + ASIDE + "') is not null").contains("true");
  }

  private String get(String path) {
    return "curl -i http://127.0.0.1:" + stand.gateway().port() + path;
  }

  private String health() {
    return get("/health/orders");
  }

  /** As it is typed: {@code black-hole}. */
  static String label(Mode mode) {
    return mode.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
