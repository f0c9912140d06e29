package dev.sluice.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.config.Configuration;
import dev.sluice.fallback.cache.CopyStore;
import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.replay.ReplayOutcome;
import dev.sluice.gateway.health.Postures;
import dev.sluice.gateway.identity.Identities;
import dev.sluice.gateway.identity.OnBehalfOf;
import dev.sluice.gateway.proxy.DataPathServices;
import dev.sluice.gateway.proxy.FrontServer;
import dev.sluice.gateway.proxy.HealthResponder;
import dev.sluice.gateway.proxy.MemoryBudget;
import dev.sluice.gateway.proxy.Snapshot;
import dev.sluice.gateway.proxy.Unheard;
import dev.sluice.probes.breaker.Breakers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

/** A backend that takes connections and says nothing, with five minutes to say it in. */
class ReplaySenderTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  private ServerSocket silent;
  private FrontServer front;
  private ReplaySender sender;

  private Optional<String> ownToken = Optional.of("own");

  @BeforeEach
  void start() throws IOException {
    silent = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
    silent.setSoTimeout(10_000);
    Configuration configuration =
        Postures.configuration(
            """
            listen: { port: 0, host: 127.0.0.1, threads: 1 }
            admin: { port: 0 }
            store:
              url: "sqlite:./data/sluice.db"
              key: "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
              accept-volatile: true
            backends:
              - id: orders
                url: "http://127.0.0.1:%d"
                response-deadline: 5m
                on-behalf-of-key: a-key-of-thirty-two-characters--
                auth: { audience: orders }
            routes:
              - id: orders-write
                match: { path: "/a" }
                backend: orders
                writes: { replay-as: gateway, principal: header(X-User) }
            """
                .formatted(silent.getLocalPort()));
    Breakers breakers = new Breakers(configuration, Clock.systemUTC(), System::nanoTime);
    Snapshot snapshot = Snapshot.of(configuration, Postures.healthy());
    front = FrontServer.start(services(breakers, snapshot));
    sender =
        new ReplaySender(
            () -> snapshot,
            breakers,
            front.upstreams(),
            () -> NOW,
            Identities.of(null, () -> NOW, backend -> ownToken),
            null);
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
        Identities.none(),
        null);
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
            List.of(Map.entry(OnBehalfOf.HEADER, "forged")),
            new byte[] {1},
            "/a",
            null,
            "f",
            "p",
            Duration.ofHours(1),
            "alice");
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

  @Test
  void theBackendIsToldOnWhoseBehalfAndByWhom() throws Exception {
    Disposable attempt = sender.send(write(), Duration.ofMinutes(5)).subscribe();
    try (Socket connection = silent.accept()) {
      connection.setSoTimeout(10_000);
      BufferedReader head =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
      List<String> told = new ArrayList<>();
      List<String> lines = new ArrayList<>();
      for (String line = head.readLine(); !line.isEmpty(); line = head.readLine()) {
        lines.add(line.toLowerCase(Locale.ROOT));
        if (line.toLowerCase(Locale.ROOT).startsWith("sluice-on-behalf-of:")) {
          told.add(line.substring(line.indexOf(':') + 1).strip());
        }
      }
      assertThat(lines).contains("authorization: bearer own");
      assertThat(told).hasSize(1);
      SignedJWT token = SignedJWT.parse(told.get(0));
      assertThat(token.verify(new MACVerifier("a-key-of-thirty-two-characters--"))).isTrue();
      assertThat(token.getJWTClaimsSet().getSubject()).isEqualTo("alice");
      assertThat(token.getJWTClaimsSet().getAudience()).containsExactly("orders");
      assertThat(token.getJWTClaimsSet().getJWTID()).isEqualTo("id");
      assertThat(token.getJWTClaimsSet().getExpirationTime().toInstant())
          .isEqualTo(NOW.plus(Duration.ofMinutes(5)));
    } finally {
      attempt.dispose();
    }
  }

  @Test
  void nothingIsSentInANameThatCannotBeProven() {
    ownToken = Optional.empty();
    ReplayOutcome outcome = sender.send(write(), Duration.ofSeconds(5)).block();
    assertThat(outcome).isInstanceOf(ReplayOutcome.NotSent.class);
  }
}
