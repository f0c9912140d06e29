package dev.sluice.demo.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SupervisorTest {
  private final AtomicInteger status = new AtomicInteger(200);
  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/health",
        exchange -> {
          asked.incrementAndGet();
          exchange.sendResponseHeaders(status.get(), -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void healthyAnswersRestartNothing() {
    try (Supervisor supervisor = supervise(() -> {})) {
      await().until(() -> asked.get() > 5);
      assertThat(supervisor.restarts()).isZero();
    }
  }

  @Test
  void threeBadAnswersInARowRestartOnce() {
    status.set(503);
    AtomicInteger askedBefore = new AtomicInteger();
    Runnable healing =
        () -> {
          askedBefore.set(asked.get());
          status.set(200);
        };
    try (Supervisor supervisor = supervise(healing)) {
      await().until(() -> askedBefore.get() > 0);
      assertThat(askedBefore.get()).isEqualTo(3);
      await().until(() -> asked.get() > 8);
      assertThat(supervisor.restarts()).isOne();
    }
  }

  @Test
  void aRestartThatFailsIsTriedAgain() {
    status.set(500);
    Runnable failing =
        () -> {
          throw new IllegalStateException("no luck");
        };
    try (Supervisor supervisor = supervise(failing)) {
      await().until(() -> supervisor.restarts() >= 2);
    }
  }

  @Test
  void noAnswerIsABadAnswer() {
    server.stop(0);
    try (Supervisor supervisor = supervise(() -> {})) {
      await().until(() -> supervisor.restarts() >= 1);
    }
  }

  private Supervisor supervise(Runnable restart) {
    URI health = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/health");
    return Supervisor.start(health, Duration.ofMillis(20), restart);
  }
}
