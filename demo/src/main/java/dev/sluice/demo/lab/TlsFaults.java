package dev.sluice.demo.lab;

import static dev.sluice.demo.lab.Truth.database;
import static dev.sluice.probes.verdict.Cause.INFRASTRUCTURE;
import static dev.sluice.probes.verdict.Detail.SILENT_SERVER;
import static dev.sluice.probes.verdict.Detail.TLS;

import dev.sluice.demo.fault.TlsFront.Manner;
import dev.sluice.demo.lab.Fault.Trait;
import dev.sluice.probes.verdict.Detail;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Faults of the database's TLS, for probes that verify its certificate. */
final class TlsFaults {
  private TlsFaults() {}

  static List<Fault> all() {
    return List.of(
        shows("tls-expired", "the database's certificate has expired", Certificates::expired)
            .with(Trait.OFTEN),
        shows("tls-other-host", "the certificate is another host's", Certificates::anothers),
        shows("tls-unbelieved", "nobody believes who signed it", Certificates::unbelieved),
        verified(
            "tls-not-offered",
            "the server offers no TLS any more",
            cell -> cell.world().tls().manner(Manner.PLAIN),
            TLS),
        verified(
            "tls-mute",
            "TLS is offered, the handshake is never answered",
            cell -> cell.world().tls().manner(Manner.MUTE),
            SILENT_SERVER,
            TLS));
  }

  private static Fault shows(
      String id, String says, Function<Certificates, SslContext> certificate) {
    return verified(
        id,
        says,
        cell -> cell.world().tls().show(certificate.apply(cell.world().certificates())),
        TLS);
  }

  private static Fault verified(String id, String says, Consumer<Cell> breaks, Detail... details) {
    return Fault.of(id, says, breaks, database(INFRASTRUCTURE, details))
        .on((world, text) -> text.replace(world.probeUrl(), world.verifiedUrl()))
        .with(Trait.UNMET);
  }
}
