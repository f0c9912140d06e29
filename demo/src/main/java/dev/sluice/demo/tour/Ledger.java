package dev.sluice.demo.tour;

import dev.sluice.demo.postgres.EmbeddedPostgres;
import java.util.List;

/**
 * What became of the writes in the database itself.
 *
 * @param rows the orders as {@code item quantity}, in no order: POSTs have no ordering key and may
 *     overtake one another
 * @param changes the backend's own log of changes to an order, each as {@code PUT path body}, in
 *     the order in which they began
 */
record Ledger(List<String> rows, List<String> changes) {
  Ledger {
    rows = List.copyOf(rows);
    changes = List.copyOf(changes);
  }

  static Ledger read(EmbeddedPostgres postgres) {
    return new Ledger(
        postgres.query("select item || ' ' || quantity from orders"),
        postgres.query(
            "select request from order_keys where request like 'PUT %' order by made_at"));
  }

  /** Whether these rows are there, each as often as it is named, and no others. */
  boolean holdsExactly(List<String> expected) {
    return rows.stream().sorted().toList().equals(expected.stream().sorted().toList());
  }
}
