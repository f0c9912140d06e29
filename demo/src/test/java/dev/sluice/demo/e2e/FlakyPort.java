package dev.sluice.demo.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Passes connections on, and resets one in so many at once. */
final class FlakyPort implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final int target;
  private final int oneIn;
  private int taken;

  FlakyPort(int target, int oneIn) throws IOException {
    this.target = target;
    this.oneIn = oneIn;
    threads.execute(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        if (++taken % oneIn == 0) {
          client.setSoLinger(true, 0);
          client.close();
        } else {
          Socket there = new Socket(InetAddress.getLoopbackAddress(), target);
          threads.execute(() -> pass(client, there));
          threads.execute(() -> pass(there, client));
        }
      } catch (IOException e) {
        // it is closed
      }
    }
  }

  private static void pass(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // one of them is closed
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
