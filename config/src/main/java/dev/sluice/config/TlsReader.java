package dev.sluice.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads what stands under {@code listen.tls}. */
final class TlsReader {
  private TlsReader() {}

  static Listen.Tls read(Fields f) {
    List<Listen.Certificate> certificates = new ArrayList<>();
    for (Node node : f.items("certificates")) {
      Listen.Certificate one =
          certificate(
              Fields.item(f.reading(), node, "listen.tls.certificates", certificates.size()));
      if (one != null) {
        certificates.add(one);
      }
    }
    if (f.items("certificates").isEmpty()) {
      f.problems()
          .error(
              f.place(),
              "tls needs certificates, at least one",
              "such as certificates: [ { chain: chain.pem, key: key.pem } ]");
    }
    Scalar ca = f.textScalar("client-ca");
    if (ca != null) {
      authorities(f.problems(), ca);
    }
    boolean asks = f.has("client-certificates");
    Listen.ClientCertificates clients =
        f.choice("client-certificates", Listen.ClientCertificates.REQUIRED);
    if (asks && !f.has("client-ca")) {
      f.problems()
          .error(
              f.place("client-certificates"),
              "client-certificates needs client-ca: whose certificates are believed");
    }
    f.end();
    return new Listen.Tls(certificates, ca == null ? null : ca.text(), clients);
  }

  private static void authorities(Problems problems, Scalar ca) {
    String fault = Authorities.fault(ca.text());
    if (fault != null) {
      problems.error(
          ca.place(),
          "client-ca must be a PEM file with certificates, not " + ca.said() + ": " + fault,
          "name the file of the authority that signs the clients', from the working directory on");
    }
  }

  private static Listen.@Nullable Certificate certificate(Fields f) {
    Scalar chain = f.requiredScalar("chain");
    Scalar key = f.requiredScalar("key");
    f.end();
    if (chain == null || key == null) {
      return null;
    }
    String fault = KeyPairs.fault(chain.text(), key.text());
    if (fault != null) {
      f.problems()
          .error(
              chain.place(),
              "the certificate cannot be used: " + fault,
              "chain and key are PEM files, from the working directory on");
    }
    return new Listen.Certificate(chain.text(), key.text());
  }
}
