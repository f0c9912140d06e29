package dev.sluice.probes.ladder;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Arrays;

/** A name server on loopback that gives every question the same answer code, or none at all. */
final class StubNameServer implements AutoCloseable {
  static final int SERVFAIL = 2;
  static final int NXDOMAIN = 3;
  static final int SILENT = -1;

  private final DatagramSocket socket;
  private final int code;

  StubNameServer(int code) throws SocketException {
    this.code = code;
    socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::serve, "stub-name-server");
    thread.setDaemon(true);
    thread.start();
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
  }

  @Override
  public void close() {
    socket.close();
  }

  private void serve() {
    byte[] buffer = new byte[512];
    while (!socket.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
        if (code != SILENT) {
          answer(packet);
        }
      } catch (IOException e) {
        return;
      }
    }
  }

  /** The header with the code and the question, nothing else. */
  private void answer(DatagramPacket packet) throws IOException {
    byte[] data = packet.getData();
    int end = 12;
    while (data[end] != 0) {
      end += data[end] + 1;
    }
    byte[] reply = Arrays.copyOf(data, end + 5);
    reply[2] = (byte) 0x81;
    reply[3] = (byte) (0x80 | code);
    for (int counter = 6; counter < 12; counter++) {
      reply[counter] = 0;
    }
    socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
  }
}
