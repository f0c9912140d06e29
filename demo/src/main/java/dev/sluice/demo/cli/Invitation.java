package dev.sluice.demo.cli;

import dev.sluice.demo.tour.Stand;

/** What the demo prints when it is ready to be broken. */
final class Invitation {
  private static final String TEXT =
      """

      The gateway listens on http://127.0.0.1:%1$d
      Its status page is     http://127.0.0.1:%4$d

        curl -i http://127.0.0.1:%1$d/api/orders
        curl -i -d '{"item":"tea","quantity":1}' http://127.0.0.1:%1$d/api/orders
        curl -i http://127.0.0.1:%1$d/health

      Break the database, look again, and heal it:

        kill -STOP %2$d    kill -CONT %2$d

      Its route file is %3$s. Ctrl-C ends everything.
      """;

  private Invitation() {}

  static String text(Stand stand) {
    return TEXT.formatted(
        stand.gateway().port(),
        stand.world().postgres().pids().get(0),
        stand.routes(),
        stand.gateway().adminPort());
  }
}
