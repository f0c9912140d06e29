package dev.sluice.demo.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A loopback port, chosen by the system or wished for, and kept for one owner, also while nobody
 * listens on it. The socket behind it is bound with address reuse but never listens: connects are
 * refused, the kernel gives the port to no outgoing connection, and a listener with address reuse
 * may still take it.
 */
public final class HeldPort implements AutoCloseable {
  private final Socket holder;
  private final int number;

  private HeldPort(Socket holder) {
    this.holder = holder;
    this.number = holder.getLocalPort();
  }

  /** Takes a free port of 127.0.0.1. */
  public static HeldPort take() {
    try {
      return bound(0);
    } catch (IOException e) {
      throw new UncheckedIOException("No loopback port is free", e);
    }
  }

  /** Takes this port of 127.0.0.1, or a free one where it is taken already. */
  public static HeldPort take(int wanted) {
    // Address reuse would share a port that somebody else holds and does not listen on.
    try (ServerSocket probe =
        new ServerSocket(wanted, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      probe.close();
      return bound(wanted);
    } catch (IOException e) {
      return take();
    }
  }

  private static HeldPort bound(int port) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
      return new HeldPort(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  public int number() {
    return number;
  }

  /** The port on 127.0.0.1. */
  public InetSocketAddress address() {
    return new InetSocketAddress("127.0.0.1", number);
  }

  @Override
  public void close() {
    try {
      holder.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Port " + number + " could not be let go", e);
    }
  }
}
