package dev.sluice.demo.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.soak.Plan.Framing;
import dev.sluice.demo.soak.Plan.Pace;
import dev.sluice.demo.soak.Plan.Part;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.verdict.Reach;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Rounds of traffic, and what must hold when it has ended. */
final class Soak implements AutoCloseable {
  private static final int WORKERS = 24;
  private static final Duration SETTLED = Duration.ofSeconds(20);

  final SoakRig rig = new SoakRig();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "hostile-client");
            thread.setDaemon(true);
            return thread;
          });
  private final List<Plans> plans = new ArrayList<>();
  private long probes;

  Soak(long seed) throws IOException {
    for (int worker = 0; worker < WORKERS; worker++) {
      plans.add(new Plans(seed, worker));
    }
  }

  /** All workers at once, each so many connections, while it is allowed. */
  void round(int connections, BooleanSupplier goOn) throws Exception {
    List<Future<?>> working = new ArrayList<>();
    for (Plans own : plans) {
      working.add(
          threads.submit(
              () -> {
                for (int i = 0; i < connections && goOn.getAsBoolean(); i++) {
                  client().run(own.connection());
                }
                return null;
              }));
    }
    for (Future<?> worker : working) {
      worker.get();
    }
  }

  private HostileClient client() {
    return new HostileClient(rig.front.port(), rig.ledger, threads);
  }

  /** Nothing of an exchange is left, and every connection that is kept serves the next one. */
  void requireWhole() throws Exception {
    await("client connections")
        .atMost(SETTLED)
        .untilAsserted(() -> assertThat(rig.front.connections()).isZero());
    await("buffered bytes")
        .atMost(SETTLED)
        .untilAsserted(() -> assertThat(rig.memory.used()).isZero());
    Set<HostileBackend.Connection> kept = settled();
    int requests = Math.max(12, 3 * kept.size());
    rig.backend.meet(requests);
    together(requests);
    Set<HostileBackend.Connection> met = rig.backend.met();
    assertThat(met).as("kept connections that served the next request").containsAll(kept);
    rig.ledger.count("kept connections that served on", kept.size());
  }

  /** The backend's connections, once none of them is about to end. */
  private Set<HostileBackend.Connection> settled() {
    AtomicReference<Set<HostileBackend.Connection>> last = new AtomicReference<>(Set.of());
    await("backend connections that stay")
        .during(Duration.ofMillis(200))
        .atMost(SETTLED)
        .until(() -> rig.backend.open().equals(last.getAndSet(rig.backend.open())));
    return last.get();
  }

  private void together(int requests) throws Exception {
    List<Future<?>> asked = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      Plan plan = plain(ClientFault.NONE, BackendFault.NONE);
      asked.add(
          threads.submit(
              () -> {
                client().run(new Plans.Connection(List.of(plan), 1, false));
                return null;
              }));
    }
    for (Future<?> each : asked) {
      each.get(30, TimeUnit.SECONDS);
    }
  }

  /** A POST, since nothing hides what becomes of it. */
  private Plan plain(ClientFault clientFault, BackendFault fault) {
    Part body = new Part(Framing.FIXED, 100, 1, false, Pace.AT_ONCE, Pace.AT_ONCE);
    return new Plan(
        ++probes,
        "/plain/",
        "POST",
        false,
        false,
        false,
        body,
        body,
        200,
        0,
        .9,
        clientFault,
        fault);
  }

  /** A breaker on trial has three permits; whoever leaves gives his back. */
  void requirePermits() throws IOException {
    Instant now = Instant.now();
    for (int i = 0; i < 1000; i++) {
      rig.breakers.probed("hostile", BackendHealth.unanswered(now, Reach.REFUSED, "refused"));
    }
    assertThat(rig.breakers.state("hostile")).isEqualTo(BreakerState.OPEN);
    for (int i = 0; i < 3; i++) {
      rig.breakers.probed("hostile", BackendHealth.answered(now, 200, "OK", List.of(), null));
    }
    for (int i = 0; i < 20; i++) {
      assertThat(rig.breakers.state("hostile")).isEqualTo(BreakerState.HALF_OPEN);
      run(plain(ClientFault.RESET_SENDING, BackendFault.NONE));
      await().atMost(SETTLED).until(() -> rig.front.connections() == 0);
    }
    for (int i = 0; i < 3; i++) {
      run(plain(ClientFault.NONE, BackendFault.NONE));
    }
    await()
        .atMost(SETTLED)
        .untilAsserted(
            () -> {
              rig.breakers.tick();
              assertThat(rig.breakers.state("hostile")).isEqualTo(BreakerState.CLOSED);
            });
  }

  private void run(Plan plan) throws IOException {
    client().run(new Plans.Connection(List.of(plan), 1, false));
  }

  /** The pools let go of what nobody uses. */
  void requireEmpty() {
    await("pooled connections")
        .atMost(SETTLED)
        .untilAsserted(() -> assertThat(rig.backend.open()).isEmpty());
    assertThat(rig.front.connections()).isZero();
    assertThat(rig.memory.used()).isZero();
  }

  /** Every kind of fault and of exchange, at least so often. */
  void requireEach(long least) {
    for (BackendFault fault : BackendFault.values()) {
      if (fault != BackendFault.NONE && fault != BackendFault.UNREACHABLE) {
        require("backend " + fault, least);
      }
    }
    for (ClientFault fault : ClientFault.values()) {
      if (fault != ClientFault.NONE) {
        require("client " + fault, least);
      }
    }
    for (String method : List.of("GET", "HEAD", "POST", "PUT", "GET HTTP/1.0")) {
      require("verified " + method, least);
    }
    for (String what :
        List.of("witnessed CONNECT", "seen CUT", "interim answers", "expected 100 Continue")) {
      require(what, least);
    }
  }

  /**
   * Sockets of this process as the kernel sees them, with the one that the JDK keeps for itself.
   */
  static long sockets() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      new Socket(server.getInetAddress(), server.getLocalPort()).close();
    }
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(Soak::socket).count();
    }
  }

  private static boolean socket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException gone) {
      return false;
    }
  }

  /** No socket more than there were before. */
  static void requireSockets(long before) {
    await("sockets").atMost(SETTLED).until(() -> sockets() <= before);
  }

  private void require(String what, long least) {
    assertThat(rig.ledger.counted(what)).as(what).isGreaterThanOrEqualTo(least);
  }

  @Override
  public void close() throws IOException {
    threads.shutdownNow();
    rig.close();
  }
}
