package dev.sluice.demo.e2e;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A backend that answers each of its paths with a body of its own, piece by piece. */
final class BodyBackend implements AutoCloseable {
  /** The server copies whatever is written to it at once. */
  private static final int PIECE = 64 * 1024;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  BodyBackend(Map<String, byte[]> bodies) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 500);
    server.setExecutor(threads);
    bodies.forEach(this::answering);
    server.start();
  }

  private void answering(String path, byte[] body) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, body.length);
            for (int at = 0; at < body.length; at += PIECE) {
              exchange.getResponseBody().write(body, at, Math.min(PIECE, body.length - at));
            }
          }
        });
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
