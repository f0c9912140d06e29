package dev.sluice.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.config.Configuration;
import dev.sluice.fallback.cache.CopyStore;
import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.replay.ReplayOutcome;
import dev.sluice.gateway.health.Postures;
import dev.sluice.gateway.identity.Identities;
import dev.sluice.gateway.proxy.DataPathServices;
import dev.sluice.gateway.proxy.FrontServer;
import dev.sluice.gateway.proxy.HealthResponder;
import dev.sluice.gateway.proxy.MemoryBudget;
import dev.sluice.gateway.proxy.Snapshot;
import dev.sluice.gateway.proxy.Unheard;
import dev.sluice.probes.breaker.Breakers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

/** A backend that takes connections and says nothing, with five minutes to say it in. */
class ReplaySenderTest {
  private ServerSocket silent;
  private FrontServer front;
  private ReplaySender sender;

  @BeforeEach
  void start() throws IOException {
    silent = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
    silent.setSoTimeout(10_000);
    Configuration configuration =
        Postures.configuration(
            """
            listen: { port: 0, host: 127.0.0.1, threads: 1 }
            admin: { port: 0 }
            store: { url: "sqlite:./data/sluice.db", key: "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", accept-volatile: true }
            backends:
              - { id: orders, url: "http://127.0.0.1:%d", response-deadline: 5m }
            routes:
              - { id: orders-write, match: { path: "/a" }, backend: orders, writes: {} }
            """
                .formatted(silent.getLocalPort()));
    Breakers breakers = new Breakers(configuration, Clock.systemUTC(), System::nanoTime);
    Snapshot snapshot = Snapshot.of(configuration, Postures.healthy());
    front = FrontServer.start(services(breakers, snapshot));
    sender = new ReplaySender(() -> snapshot, breakers, front.upstreams());
  }

  private static DataPathServices services(Breakers breakers, Snapshot snapshot) {
    return new DataPathServices(
        () -> snapshot,
        breakers,
        new Unheard(),
        new CopyStore(1 << 20),
        () -> null,
        (question, matched, now) -> new HealthResponder.Answer(200, "text/plain", new byte[0]),
        new Unheard(),
        () -> false,
        Clock.systemUTC(),
        System::nanoTime,
        new MemoryBudget(1 << 20),
        Identities.none());
  }

  @AfterEach
  void stop() throws IOException {
    front.close();
    silent.close();
  }

  private static QueuedWrite write() {
    Instant now = Instant.EPOCH;
    NewWrite request =
        new NewWrite(
            "orders-write",
            "PUT",
            "/a",
            "shop",
            List.of(),
            new byte[] {1},
            "/a",
            null,
            "f",
            "p",
            Duration.ofHours(1));
    return new QueuedWrite(
        "id", 1, WriteState.IN_FLIGHT, 1, 1, now, now, now, null, false, null, null, request);
  }

  /** Waits for the end of the connection, whatever kind of end it is. */
  private static void gone(Socket connection) throws IOException {
    connection.setSoTimeout(10_000);
    try {
      connection.getInputStream().readAllBytes();
    } catch (java.net.SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  @Test
  void anAttemptEndsWithinItsTimeAlthoughTheBackendHasMore() throws IOException {
    AtomicReference<ReplayOutcome> outcome = new AtomicReference<>();
    sender.send(write(), Duration.ofMillis(300)).subscribe(outcome::set);
    try (Socket connection = silent.accept()) {
      await().until(() -> outcome.get() != null);
      assertThat(outcome.get()).isInstanceOf(ReplayOutcome.Ambiguous.class);
      gone(connection);
    }
  }

  @Test
  void anAttemptThatIsGivenUpLeavesNoConnection() throws IOException {
    Disposable attempt = sender.send(write(), Duration.ofMinutes(5)).subscribe();
    try (Socket connection = silent.accept()) {
      connection.setSoTimeout(10_000);
      assertThat(connection.getInputStream().read()).isEqualTo('P');
      attempt.dispose();
      gone(connection);
    }
  }
}
