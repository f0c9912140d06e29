package dev.sluice.probes.ladder;

import static dev.sluice.probes.ladder.Fixtures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Target;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Signal;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamesTest {
  private static final String HOST = "orders-db.internal.example.";

  @Test
  void aNameThatDoesNotExistIsToldFromAServerThatFails() throws IOException {
    assertThat(sample(StubNameServer.NXDOMAIN).signal()).isEqualTo(Signal.NO_SUCH_NAME);
    assertThat(sample(StubNameServer.SERVFAIL).signal()).isEqualTo(Signal.SERVER_FAILURE);
  }

  @Test
  void aSilentNameServerIsATimeoutWithinTheRungsSecond() throws IOException {
    Sample sample = sample(StubNameServer.SILENT);
    assertThat(sample.signal()).isIn(Signal.TIMEOUT, Signal.SILENT);
    assertThat(sample.millis()).isLessThan(1_400);
  }

  @Test
  void anIpLiteralNeedsNoNameServer() throws IOException {
    try (StubNameServer names = new StubNameServer(StubNameServer.SILENT);
        ScriptedServer server = new ScriptedServer(socket -> {});
        ProbeResources resources = resources(names)) {
      assertThat(Fixtures.climb(new Target.Tcp("127.0.0.1", server.port()), resources).ok())
          .isTrue();
    }
  }

  @Test
  void localhostNeedsNoNameServer() throws IOException {
    try (StubNameServer names = new StubNameServer(StubNameServer.SILENT);
        ScriptedServer server = new ScriptedServer(socket -> {});
        ProbeResources resources = resources(names)) {
      Climb climb = Fixtures.climb(new Target.Tcp("localhost", server.port()), resources);
      assertThat(climb.failed()).isNull();
    }
  }

  @Test
  void oneDeadAddressOfTwoIsTold() throws IOException {
    InetAddress alive = InetAddress.getByName("127.0.0.1");
    InetAddress dead = InetAddress.getByName("127.0.0.2");
    try (StubNameServer names = new StubNameServer(List.of(dead, alive));
        ScriptedServer server = new ScriptedServer(socket -> {});
        ProbeResources resources = resources(names)) {
      Climb climb = Fixtures.climb(new Target.Tcp(HOST, server.port()), resources);
      assertThat(climb.failed()).isNull();
      assertThat(climb.samples().get(2).signal()).isEqualTo(Signal.PARTIAL);
      assertThat(climb.samples().get(2).message()).contains("127.0.0.2");
    }
  }

  private static Sample sample(int code) throws IOException {
    try (StubNameServer names = new StubNameServer(code);
        ProbeResources resources = resources(names)) {
      Sample sample = failed(Fixtures.climb(new Target.Tcp(HOST, 5432), resources), Rung.DNS);
      assertThat(sample.exception()).isIn("UnknownHostException", null);
      return sample;
    }
  }

  private static ProbeResources resources(StubNameServer names) throws IOException {
    return ProbeResources.with(names.address(), SslContextBuilder.forClient().build());
  }
}
