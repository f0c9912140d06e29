package dev.sluice.fallback.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gates.Leaks;
import dev.sluice.servers.PostgresServer;
import io.r2dbc.spi.Connection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What the driver lets fall must not be left lying. */
final class SharedPoolTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int CONNECTIONS = 150;
  private static final int KILLS = 8;

  /** The driver drops the parameters of statements that its socket takes no more. */
  @Test
  void parametersOfStatementsThatADeadServerDoesNotTakeAreNotLost() throws IOException {
    List<String> before = Leaks.reports();
    try (PostgresServer server = PostgresServer.start("secret");
        SharedPool pool = new SharedPool(SharedStores.at(server.port()))) {
      for (int i = 0; i < KILLS; i++) {
        List<CompletableFuture<Long>> asking = new ArrayList<>();
        for (int j = 0; j < 4; j++) {
          asking.add(askUntilRefused(pool).toFuture());
        }
        LockSupport.parkNanos(50_000_000);
        server.kill();
        for (CompletableFuture<Long> each : asking) {
          assertThat(each).failsWithin(SOON);
        }
        server.restart();
      }
    }
    Leaks.settle();
    assertThat(Leaks.reports()).isEqualTo(before);
  }

  private static Mono<Long> askUntilRefused(SharedPool pool) {
    return pool.with(SharedPoolTest::ask).repeat().count();
  }

  private static Mono<List<String>> ask(Connection connection) {
    return Queries.rows(
        connection, "SELECT $1 || $2 || $3::text", row -> Queries.text(row, 0), "one", "two", 3L);
  }

  /** Closed at any moment of a connect; the server sees the end of each connection. */
  @Test
  void noSocketOutlivesThePool() throws Exception {
    try (ServerSocket server = new ServerSocket(0, CONNECTIONS, InetAddress.getLoopbackAddress())) {
      CompletableFuture<List<Socket>> accepted = CompletableFuture.supplyAsync(() -> all(server));
      Random random = new Random(11);
      for (int i = 0; i < CONNECTIONS; i++) {
        SharedPool pool = new SharedPool(SharedStores.at(server.getLocalPort()));
        pool.with(c -> Mono.just(true)).onErrorComplete().subscribe();
        LockSupport.parkNanos(random.nextInt(20_000_000));
        pool.close();
      }
      Thread.sleep(1_000);
      server.close();
      List<Socket> sockets = accepted.get(10, TimeUnit.SECONDS);
      assertThat(sockets).as("connections that were begun").isNotEmpty();
      for (Socket socket : sockets) {
        socket.setSoTimeout(5_000);
        socket.getInputStream().readAllBytes();
        socket.close();
      }
    }
  }

  private static List<Socket> all(ServerSocket server) {
    List<Socket> sockets = new ArrayList<>();
    try {
      while (true) {
        sockets.add(server.accept());
      }
    } catch (IOException closed) {
      return sockets;
    }
  }
}
