package dev.sluice.probes.map;

import dev.sluice.config.Configuration;
import dev.sluice.config.ConfigurationLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** A route file with all kinds of parts. */
final class RouteFile {
  private static final String TEXT =
      """
      environment: test
      networks:
        - { id: vpc, kind: vpc-connector }
        - { id: psa, kind: private-service-access, through: vpc }
        - { id: internet, kind: egress }
      controls:
        - { id: bastion, type: tcp, url: "tcp://10.0.0.9:22", network: vpc }
        - { id: google, type: tcp, url: "tcp://10.0.0.10:443", network: internet }
      dependencies:
        - { id: orders-db, type: postgresql, url: "postgresql://p:x@10.0.0.1/o", network: psa }
        - { id: stock-db, type: postgresql, url: "postgresql://p:x@10.0.0.2/s", network: psa }
        - { id: cache, type: tcp, url: "tcp://10.0.0.3:6379", network: vpc }
        - { id: mail, type: tcp, url: "tcp://10.0.0.4:25", network: internet }
      backends:
        - { id: orders, url: "http://10.0.1.1:80", depends-on: [orders-db, cache] }
        - { id: stock, url: "http://10.0.1.2:80", depends-on: [stock-db] }
        - { id: pages, url: "http://10.0.1.3:80" }
      routes:
        - { id: orders-api, match: { path: "/orders/**" }, backend: orders }
        - { id: orders-docs, match: { path: "/orders/docs" }, backend: orders, uses: [] }
        - { id: orders-mail, match: { path: "/orders/mail" }, backend: orders, uses: [mail] }
        - { id: stock-api, match: { path: "/stock/**" }, backend: stock }
        - { id: site, match: { path: "/**" }, backend: pages }
      """;

  private RouteFile() {}

  static Configuration read() {
    try {
      Path file = Files.createTempFile("sluice-map", ".yaml");
      try {
        Files.writeString(file, TEXT);
        var result = ConfigurationLoader.load(List.of(file), name -> null);
        return Objects.requireNonNull(result.configuration(), () -> result.problems().toString());
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
