package dev.sluice.demo.cli;

import dev.sluice.demo.tour.Stand;
import java.nio.file.Path;
import java.util.Objects;

/** What the demo prints when it is ready to be broken: each line can be copied into a shell. */
final class Invitation {
  private static final String TEXT =
      """

      Ready, on 127.0.0.1 alone. Logs: %6$s

      Look, from another terminal:
        # read, write, and change with leave to be held
        curl -i %1$s/api/orders
        curl -i -d '{"item":"tea","quantity":1}' %1$s/api/orders
        curl -i -X PUT -H 'Prefer: respond-async' -d '{"item":"green tea","quantity":2}' %1$s/api/orders/1
        # how a held write stands: the Location of its 202
        curl -i %1$s/.sluice/writes/ID
        # health: of the backend behind its route, and of the gateway
        curl -i %1$s/health/orders
        curl -i %1$s/health/ready
        # the status page, for a browser: %2$s/
        # held writes, and a diagnosis from here
        %5$s queue list --config %3$s
        %5$s diagnose --config %3$s
        # every protection off (on=false: on again); the token allows changes
        curl -X POST -H 'Authorization: Bearer %4$s' '%2$s/-/passthrough?on=true'

      Break it, by typing here:
      %7$s

      A first story: read and write; break black-hole all; ten seconds later the notices tell the
      verdict and the mode; read and PUT, look at the monitor and at health; heal.
      """;

  private Invitation() {}

  static String text(Stand stand, Path log) {
    return TEXT.formatted(
        url(stand.gateway().port()),
        url(stand.gateway().adminPort()),
        stand.routes(),
        stand.world().adminToken(),
        Objects.requireNonNullElse(System.getenv("SLUICE_COMMAND"), "./sluice"),
        log,
        Console.HELP);
  }

  private static String url(int port) {
    return "http://127.0.0.1:" + port;
  }
}
