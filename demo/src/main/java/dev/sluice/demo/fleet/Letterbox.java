package dev.sluice.demo.fleet;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Where a team would read its alerts. */
final class Letterbox implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final List<Came> came = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  Letterbox() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException("no port for alerts", e);
    }
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          JsonNode told = JSON.readTree(body);
          came.add(
              new Came(
                  told.path("kind").asString(""),
                  told.path("alerts").path(0).path("sentence").asString("")));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
  }

  /** One message. */
  private record Came(String kind, String sentence) {}

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /** How many alerts of a kind came: firing or resolved. */
  long count(String kind) {
    return came.stream().filter(each -> each.kind().equals(kind)).count();
  }

  /** What they said. */
  String sentences(String kind) {
    return came.stream()
        .filter(each -> each.kind().equals(kind))
        .map(Came::sentence)
        .collect(Collectors.joining(" / "));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
