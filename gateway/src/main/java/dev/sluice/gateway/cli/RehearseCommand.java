package dev.sluice.gateway.cli;

import dev.sluice.config.Configuration;
import dev.sluice.config.ConfigurationLoader;
import dev.sluice.gateway.app.Gateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * {@code rehearse}: a gateway on loopback that is started, asked and stopped, so that a build can
 * archive the classes of a start ({@code -XX:ArchiveClassesAtExit}). Nothing of it is left behind.
 */
@Command(name = "rehearse", hidden = true, description = "Starts and stops a gateway once.")
final class RehearseCommand implements Callable<Integer> {
  private static final int PATIENCE_MILLIS = 10_000;

  /** The backend and the database refuse: what an outage needs is loaded too. */
  private static final String ROUTES =
      """
      environment: demo
      listen: { host: 127.0.0.1, port: 0, drain: 1s, drain-notice: 1ms }
      admin: { port: 0 }
      store: { url: "sqlite:%s", accept-volatile: true }
      dependencies: [ { id: db, type: tcp, url: "tcp://127.0.0.1:1" } ]
      backends: [ { id: app, url: "http://127.0.0.1:1", depends-on: [db] } ]
      routes: [ { id: read, match: { path: "/read" }, backend: app, reads: { principal: public } } ]
      """;

  @Override
  public Integer call() throws IOException {
    Path folder = Files.createTempDirectory("sluice-rehearsal-");
    try {
      Path routes = folder.resolve("routes.yaml");
      Files.writeString(routes, ROUTES.formatted(folder.resolve("sluice.db")));
      var loaded = ConfigurationLoader.load(List.of(routes), name -> null);
      play(Objects.requireNonNull(loaded.configuration(), () -> loaded.errors().toString()));
    } finally {
      clear(folder);
    }
    return Exit.OK;
  }

  private static void play(Configuration configuration) throws IOException {
    try (Gateway gateway = Gateway.start(configuration)) {
      for (String path : List.of("/health/live", "/health/ready", "/health", "/read")) {
        ask(gateway.port(), path);
      }
    }
  }

  private static void ask(int port, String path) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.setSoTimeout(PATIENCE_MILLIS);
      String request = "GET " + path + " HTTP/1.1\r\nHost: rehearsal\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().readAllBytes();
    }
  }

  private static void clear(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
