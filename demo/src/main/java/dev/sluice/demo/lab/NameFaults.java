package dev.sluice.demo.lab;

import static dev.sluice.demo.lab.Truth.database;
import static dev.sluice.probes.verdict.Cause.INFRASTRUCTURE;
import static dev.sluice.probes.verdict.Detail.DNS_FAILURE;
import static dev.sluice.probes.verdict.Detail.DNS_NO_SUCH_NAME;
import static dev.sluice.probes.verdict.Detail.INSTANCE_UNREACHABLE;
import static dev.sluice.probes.verdict.Detail.PARTIAL_ADDRESSES;
import static dev.sluice.probes.verdict.Detail.SERVER_REFUSING;

import dev.sluice.demo.fault.NameServer;
import dev.sluice.demo.lab.Fault.Trait;
import dev.sluice.probes.verdict.Detail;
import java.util.List;
import java.util.function.Consumer;

/** Faults of the database's name. */
final class NameFaults {
  private NameFaults() {}

  static List<Fault> all() {
    return List.of(
        named("dns-no-such-name", "the name is unknown", NameServer::noSuchName, DNS_NO_SUCH_NAME)
            .with(Trait.OFTEN),
        named("dns-failure", "the name server cannot tell", NameServer::failure, DNS_FAILURE),
        named("dns-silent", "the name server does not answer", NameServer::silence, DNS_FAILURE),
        named(
            "dns-wrong",
            "the name leads elsewhere, where nobody listens",
            names -> names.addresses("127.0.0.3"),
            SERVER_REFUSING),
        named(
            "dns-ipv6-only",
            "the name has an IPv6 address alone, where nobody listens",
            names -> names.addresses("::1"),
            SERVER_REFUSING,
            INSTANCE_UNREACHABLE),
        named(
            "half-of-addresses-down",
            "one of two addresses is dead",
            names -> names.addresses("127.0.0.1", "127.0.0.3"),
            PARTIAL_ADDRESSES));
  }

  private static Fault named(
      String id, String says, Consumer<NameServer> breaks, Detail... details) {
    return Fault.of(
            id,
            says,
            cell -> breaks.accept(cell.world().names()),
            database(INFRASTRUCTURE, details))
        .on(
            (world, text) ->
                text.replace(world.probeUrl(), world.namedUrl())
                    + "resolver: { servers: [\"127.0.0.1:"
                    + world.names().port()
                    + "\"] }\n")
        .with(Trait.UNMET);
  }
}
