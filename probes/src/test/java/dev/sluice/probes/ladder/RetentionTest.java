package dev.sluice.probes.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Backend;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What stays on the heap when many probes are over. */
class RetentionTest {
  private static final int PROBES = 50;
  private static ProbeResources resources;

  @BeforeAll
  static void start() {
    resources = ProbeResources.create();
  }

  @AfterAll
  static void stop() {
    resources.close();
  }

  @Test
  void backendProbesLeaveNothingBehind() throws IOException, JMException {
    long before = live(Sockets.class.getName());
    try (ScriptedServer server = new ScriptedServer(socket -> {})) {
      BackendProbe probe =
          BackendProbe.of(backend(server.port()), resources, InstantSource.system());
      for (int i = 0; i < PROBES; i++) {
        probe.probe().block(Duration.ofSeconds(5));
      }
    }
    assertThat(live(Sockets.class.getName())).isLessThan(before + 5);
  }

  @Test
  void climbsLeaveOneResolverPerSessionUntilTheLoopIsRenewed() throws IOException, JMException {
    String builder = "io.netty.resolver.dns.DnsNameResolverBuilder";
    byte[] welcome = ScriptedServer.message('R', new byte[] {0, 0, 0, 0});
    long before = live(builder);
    try (ScriptedServer server =
        new ScriptedServer(
            socket -> {
              ScriptedServer.request(socket);
              socket.getOutputStream().write(welcome);
              socket.getOutputStream().flush();
              socket.close();
            })) {
      for (int i = 0; i < PROBES; i++) {
        assertThat(Fixtures.climb(Fixtures.postgres(server.port()), resources).ok()).isFalse();
      }
    }
    // One by the driver itself per session; a second would come from Reactor Netty's own cache.
    assertThat(live(builder)).isLessThan(before + PROBES + PROBES / 2);
  }

  /** Live instances of a class, after a collection. */
  private static long live(String type) throws JMException {
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    return histogram
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(words -> words.length >= 4 && words[3].equals(type))
        .mapToLong(words -> Long.parseLong(words[1]))
        .sum();
  }

  private static Backend backend(int port) {
    return new Backend(
        "orders",
        List.of(new Backend.Address("127.0.0.1", port)),
        null,
        List.of(),
        Map.of(),
        new Backend.HealthProbe(
            "/health", Backend.Format.STATUS, Duration.ofSeconds(5), Duration.ofMillis(40)),
        null,
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        new Backend.Pool(4, Duration.ofSeconds(1), Duration.ofMinutes(1)),
        Backend.Concurrency.DEFAULT,
        null,
        false,
        null,
        "X-Application",
        Fixtures.PLACE);
  }
}
