package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.demo.fault.HeldPort;
import dev.sluice.demo.tour.Caller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM to a gateway in a process of its own. */
@Timeout(120)
class StopTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration LIMIT = Duration.ofSeconds(8);
  private static final String YAML =
      """
      environment: demo
      listen: { host: 127.0.0.1, port: %d, drain: 8s, drain-notice: 2s }
      admin: { port: 0 }
      store: { url: "sqlite:%s", accept-volatile: true }
      backends: [ { id: slow, url: "http://127.0.0.1:%d" } ]
      routes: [ { id: slow, match: { path: "/slow" }, backend: slow } ]
      """;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch allowed = new CountDownLatch(1);
  private HttpServer backend;

  @TempDir Path folder;

  @BeforeEach
  void start() throws IOException {
    backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    backend.setExecutor(Executors.newCachedThreadPool());
    backend.createContext(
        "/slow",
        exchange -> {
          asked.countDown();
          byte[] body = "at last".getBytes(StandardCharsets.US_ASCII);
          exchange.sendResponseHeaders(waited() ? 200 : 500, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    backend.start();
  }

  private boolean waited() {
    try {
      return allowed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      return false;
    }
  }

  @AfterEach
  void stop() {
    allowed.countDown();
    backend.stop(0);
  }

  private RunProcess gateway(int port) throws IOException {
    Path routes = folder.resolve("routes.yaml");
    int to = backend.getAddress().getPort();
    Files.writeString(routes, YAML.formatted(port, folder.resolve("sluice.db"), to));
    return RunProcess.run(RunProcess.classes(), List.of(), routes);
  }

  private static int status(Caller caller, String path) {
    try {
      return caller.get(path).status();
    } catch (UncheckedIOException e) {
      return 0;
    }
  }

  private static void await200(Caller caller, String path) {
    await(path).atMost(PATIENCE).until(() -> status(caller, path) == 200);
  }

  @Test
  void aRequestInFlightIsCompletedAndTheExitIsZero() throws Exception {
    try (HeldPort port = HeldPort.take();
        RunProcess gateway = gateway(port.number())) {
      Caller caller = new Caller(port::number);
      await200(caller, "/health/ready");
      CompletableFuture<Caller.Answer> slow =
          CompletableFuture.supplyAsync(() -> caller.get("/slow"));
      assertThat(asked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

      gateway.terminate();
      long told = System.nanoTime();
      await("not ready").atMost(LIMIT).until(() -> status(caller, "/health/ready") == 503);
      assertThat(caller.get("/health/live").status()).isEqualTo(200);
      await("no new connections").atMost(LIMIT).until(() -> status(caller, "/health/live") == 0);
      assertThat(slow).isNotDone();
      allowed.countDown();
      Caller.Answer answer = slow.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("at last");
      assertThat(gateway.exit(LIMIT)).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - told)).isLessThan(LIMIT);
    }
  }

  /** It answers before it is whole; a stop in between waits for that and is a stop all the same. */
  @Test
  void aStopAsSoonAsItAnswersIsZeroToo() throws IOException {
    try (HeldPort port = HeldPort.take();
        RunProcess gateway = gateway(port.number())) {
      Caller caller = new Caller(port::number);
      await("live")
          .atMost(PATIENCE)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(2))
          .until(() -> status(caller, "/health/live") == 200);
      gateway.terminate();
      assertThat(gateway.exit(PATIENCE)).isZero();
    }
  }
}
