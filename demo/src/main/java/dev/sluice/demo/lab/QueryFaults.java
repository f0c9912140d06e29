package dev.sluice.demo.lab;

import static dev.sluice.demo.lab.Truth.database;
import static dev.sluice.probes.verdict.Cause.APPLICATION;
import static dev.sluice.probes.verdict.Cause.INFRASTRUCTURE;
import static dev.sluice.probes.verdict.Detail.DISK_FULL;
import static dev.sluice.probes.verdict.Detail.GRANTS;
import static dev.sluice.probes.verdict.Detail.LOCK_WAIT;
import static dev.sluice.probes.verdict.Detail.OUT_OF_MEMORY;
import static dev.sluice.probes.verdict.Detail.SATURATED;
import static dev.sluice.probes.verdict.Detail.SCHEMA;
import static dev.sluice.probes.verdict.Detail.SLOW_QUERY;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.lab.Fault.Trait;
import java.util.List;

/** Faults that only a query meets. */
final class QueryFaults {
  private static final String ASIDE = "alter table orders rename to orders_aside";
  private static final String BACK =
      "drop view if exists orders; alter table orders_aside rename to orders";

  private QueryFaults() {}

  static List<Fault> all() {
    return List.of(
        sql(
                "missing-table",
                "a migration drops the table",
                ASIDE,
                BACK,
                database(APPLICATION, SCHEMA))
            .with(Trait.OFTEN),
        sql(
            "missing-column",
            "a migration renames a column",
            "alter table orders rename column item to article",
            "alter table orders rename column article to item",
            database(APPLICATION, SCHEMA)),
        sql(
            "lost-grant",
            "the roles may not read the table any more",
            "revoke all on orders from orders, probe",
            "grant all on orders to orders; grant select on orders to probe",
            database(APPLICATION, GRANTS)),
        sql(
                "slow-query",
                "the query takes minutes",
                view("pg_sleep(300)"),
                BACK,
                database(APPLICATION, SLOW_QUERY))
            .with(Trait.SLOW),
        Fault.of(
                "lock-wait",
                "a forgotten transaction locks the table",
                Held::lock,
                database(APPLICATION, LOCK_WAIT))
            .mended(Cell::release)
            .with(Trait.OFTEN),
        sql(
            "deadlock",
            "transactions wait for each other",
            view(raise("40P01", "deadlock detected")),
            BACK,
            database(APPLICATION, LOCK_WAIT)),
        sql(
            "disk-full",
            "the server's disk is full",
            view(raise("53100", "could not extend file: No space left on device")),
            BACK,
            database(INFRASTRUCTURE, DISK_FULL)),
        sql(
            "out-of-memory",
            "the server has no memory left",
            view(raise("53200", "out of memory")),
            BACK,
            database(INFRASTRUCTURE, OUT_OF_MEMORY)),
        Fault.of(
            "saturated",
            "logins work, every answer comes three seconds late",
            cell -> cell.world().database(Mode.LATE),
            database(INFRASTRUCTURE, SATURATED)));
  }

  private static Fault sql(String id, String says, String breaks, String mends, Truth truth) {
    return Fault.of(id, says, cell -> cell.world().postgres().execute(breaks), truth)
        .mended(
            cell -> {
              // A query that waits would keep the table from being changed.
              ServerFaults.endSessions(cell);
              cell.world().postgres().execute(mends);
            });
  }

  /** Puts something in the table's place that does this before the first row. */
  private static String view(String does) {
    return ASIDE
        + "; create view orders as with first as materialized (select "
        + does
        + ") select a.id, a.item, a.quantity from first left join orders_aside a on true;"
        + " grant select on orders to orders, probe";
  }

  /** The server says it of itself: a full disk or memory cannot be had here without harm. */
  private static String raise(String state, String text) {
    return "lab_raise('" + state + "', '" + text + "')";
  }
}
