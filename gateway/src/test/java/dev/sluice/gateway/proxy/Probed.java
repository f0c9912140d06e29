package dev.sluice.gateway.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A port that counts who comes. */
final class Probed implements AutoCloseable {
  final AtomicInteger seen = new AtomicInteger();
  private final ServerSocket listening;

  Probed() throws IOException {
    listening = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    Thread accepting = new Thread(this::accept, "probed");
    accepting.setDaemon(true);
    accepting.start();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try (Socket socket = listening.accept();
          InputStream in = socket.getInputStream()) {
        seen.incrementAndGet();
        in.readAllBytes();
      } catch (IOException e) {
        // reset by the probe, or closed by the test
      }
    }
  }

  int port() {
    return listening.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
