package dev.sluice.gateway.proxy;

import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server on loopback that gives every question the answer that the test set last. */
final class StubNameServer implements AutoCloseable {
  private static final int SERVFAIL = 2;

  final AtomicInteger questions = new AtomicInteger();
  private final DatagramSocket socket;
  private volatile Answer answer;

  private record Answer(int code, int seconds, List<InetAddress> addresses) {}

  /** Every name has these addresses, for so many seconds. */
  StubNameServer(int seconds, String... addresses) throws IOException {
    says(seconds, addresses);
    socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
    Thread thread = new Thread(this::serve, "stub-name-server");
    thread.setDaemon(true);
    thread.start();
  }

  void says(int seconds, String... addresses) throws IOException {
    InetAddress[] all = new InetAddress[addresses.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = InetAddress.getByName(addresses[i]);
    }
    answer = new Answer(0, seconds, List.of(all));
  }

  void fails() {
    answer = new Answer(SERVFAIL, 0, List.of());
  }

  /** Lets a resolver ask here and nowhere else. */
  DnsNameResolverBuilder asked(DnsNameResolverBuilder names) {
    InetSocketAddress here = new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
    return names
        .nameServerProvider(new SingletonDnsServerAddressStreamProvider(here))
        .searchDomains(List.of());
  }

  private void serve() {
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(new byte[512], 512);
        socket.receive(packet);
        questions.incrementAndGet();
        byte[] reply = reply(packet.getData());
        socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
      }
    } catch (SocketException e) {
      // closed
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The header, the question, and a record for each address of the family that is asked for. */
  private byte[] reply(byte[] question) throws IOException {
    int end = 12;
    while (question[end] != 0) {
      end += question[end] + 1;
    }
    int type = question[end + 2];
    Answer said = answer;
    List<InetAddress> fitting =
        said.addresses.stream().filter(a -> a instanceof Inet4Address == (type == 1)).toList();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(question, 0, 2);
    out.writeShort(0x8180 | said.code);
    out.writeShort(1);
    out.writeShort(fitting.size());
    out.writeInt(0);
    out.write(question, 12, end + 5 - 12);
    for (InetAddress address : fitting) {
      out.writeShort(0xC00C);
      out.writeShort(type);
      out.writeShort(1);
      out.writeInt(said.seconds);
      out.writeShort(address.getAddress().length);
      out.write(address.getAddress());
    }
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    socket.close();
  }
}
