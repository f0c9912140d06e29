package dev.sluice.demo.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Passes connections on; resets one in so many at once, and is late with answers as it is told. */
final class FlakyPort implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final int target;
  private final int oneIn;
  private volatile long lateMillis;
  private int taken;

  /**
   * @param oneIn 0: none is reset
   */
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
        if (oneIn > 0 && ++taken % oneIn == 0) {
          client.setSoLinger(true, 0);
          client.close();
        } else {
          Socket there = new Socket(InetAddress.getLoopbackAddress(), target);
          threads.execute(() -> pass(client, there, false));
          threads.execute(() -> pass(there, client, true));
        }
      } catch (IOException e) {
        // it is closed
      }
    }
  }

  private void pass(Socket from, Socket to, boolean answers) {
    byte[] part = new byte[8192];
    try (from;
        to) {
      int read = from.getInputStream().read(part);
      while (read >= 0) {
        if (answers && lateMillis > 0) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(lateMillis));
        }
        to.getOutputStream().write(part, 0, read);
        read = from.getInputStream().read(part);
      }
    } catch (IOException e) {
      // one of them is closed
    }
  }

  /** So many milliseconds for each part of an answer, from now on. */
  void late(long millis) {
    lateMillis = millis;
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
