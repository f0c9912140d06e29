package dev.sluice.probes.ladder;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** A name server on loopback that gives every question the same answer, or none at all. */
final class StubNameServer implements AutoCloseable {
  static final int SERVFAIL = 2;
  static final int NXDOMAIN = 3;
  static final int SILENT = -1;

  private final DatagramSocket socket;
  private final int code;
  private final List<InetAddress> addresses;

  StubNameServer(int code) throws SocketException {
    this(code, List.of());
  }

  /** Every name has these IPv4 addresses. */
  StubNameServer(List<InetAddress> addresses) throws SocketException {
    this(0, addresses);
  }

  private StubNameServer(int code, List<InetAddress> addresses) throws SocketException {
    this.code = code;
    this.addresses = addresses;
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

  /** An A record for the name of the question, to live for no time. */
  private static byte[] record(InetAddress address) {
    return ByteBuffer.allocate(16)
        .putShort((short) 0xC00C)
        .putShort((short) 1)
        .putShort((short) 1)
        .putInt(0)
        .putShort((short) 4)
        .put(address.getAddress())
        .array();
  }

  /** The header with the code, the question, and the records when it asks for IPv4. */
  private void answer(DatagramPacket packet) throws IOException {
    byte[] data = packet.getData();
    int end = 12;
    while (data[end] != 0) {
      end += data[end] + 1;
    }
    boolean ipv4 = data[end + 2] == 1;
    int answers = ipv4 ? addresses.size() : 0;
    byte[] reply = Arrays.copyOf(data, end + 5 + 16 * answers);
    reply[2] = (byte) 0x81;
    reply[3] = (byte) (0x80 | code);
    for (int counter = 6; counter < 12; counter++) {
      reply[counter] = 0;
    }
    reply[5] = 1;
    reply[7] = (byte) answers;
    for (int i = 0; i < answers; i++) {
      System.arraycopy(record(addresses.get(i)), 0, reply, end + 5 + 16 * i, 16);
    }
    socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
  }
}
