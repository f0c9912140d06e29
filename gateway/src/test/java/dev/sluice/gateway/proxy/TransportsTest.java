package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.Listen;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every transport that this machine has carries the same traffic. */
final class TransportsTest {
  static List<String> transports() {
    List<String> transports = new ArrayList<>(List.of("nio"));
    if (Epoll.isAvailable()) {
      transports.add("epoll");
    }
    if (IoUring.isAvailable()) {
      transports.add("io-uring");
    }
    return transports;
  }

  @ParameterizedTest
  @MethodSource("transports")
  void theWholeConformanceSuitePasses(String transport) throws IOException {
    try (ConformanceRig rig = new ConformanceRig(transport)) {
      for (ConformanceCase each : ConformanceFile.all()) {
        rig.run(each, (client, bytes) -> client.send(bytes));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void largeBodiesPassSlowlyBothWays(String transport) throws IOException {
    byte[] large = new byte[4 << 20];
    new Random(7).nextBytes(large);
    WireBackend.Script echo =
        (request, in, out) -> {
          byte[] body = WireBackend.body(request, in);
          String head = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n";
          out.write(head.getBytes(StandardCharsets.US_ASCII));
          out.write(body);
          return true;
        };
    try (Rig rig = new Rig(echo, ", transport: " + transport, "", null);
        WireClient client = new WireClient(rig.front.port(), 4096)) {
      client.send("PUT /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: " + large.length + "\r\n\r\n");
      client.send(large);
      client.socket.shutdownOutput();
      assertThat(client.answer().body()).isEqualTo(large);
      assertThat(client.ended()).isTrue();
      assertThat(rig.faults).isEmpty();
    }
  }

  @Test
  void oneThatIsNotThereIsNamed() {
    Throwable hindrance = new UnsupportedOperationException("not permitted");
    assertThatThrownBy(() -> Transports.available(Transports.IO_URING, hindrance))
        .hasMessage(
            "transport io-uring cannot be had here (not permitted); auto takes what there is");
    assertThat(Transports.of(Listen.Transport.NIO)).isEqualTo(Transports.NIO);
  }
}
