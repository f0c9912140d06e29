package dev.sluice.gateway.validate;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.config.Validation;
import dev.sluice.probes.validation.Outcome;
import dev.sluice.probes.validation.Step;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OwnStepsTest {
  private final OwnSteps steps = new OwnSteps(System::nanoTime);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            byte[] body = "tea and cake".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.createContext("/silent", exchange -> {});
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Step http(String path, int status, String contains) {
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    return steps.run(
        new Validation.Step(
            "own", new Validation.Http(url, status, contains), List.of(), Duration.ofMillis(800)));
  }

  private Step exec(Duration within, String... command) {
    return steps.run(new Validation.Step("own", null, List.of(command), within));
  }

  @Test
  void anAnswerMustBeAsItIsWanted() {
    assertThat(http("/", 200, null).outcome()).isEqualTo(Outcome.PASSED);
    assertThat(http("/", 200, "tea").sentence()).isEqualTo("200");
    assertThat(http("/", 204, null).sentence()).isEqualTo("200, not 204");
    assertThat(http("/", 204, null).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(http("/", 200, "coffee").sentence())
        .isEqualTo("200; what it must contain is missing");
    assertThat(http("/silent", 200, null).sentence()).isEqualTo("no answer within 800 ms");
    server.stop(0);
    assertThat(http("/", 200, null).sentence()).startsWith("no answer: ");
  }

  @Test
  void aCommandMustEndWithZeroInItsTime() {
    Duration time = Duration.ofSeconds(10);
    Step good = exec(time, "sh", "-c", "echo one; echo all is well");
    assertThat(good.outcome()).isEqualTo(Outcome.PASSED);
    assertThat(good.sentence()).isEqualTo("exit 0: all is well");
    Step bad = exec(time, "sh", "-c", "echo missing table >&2; exit 3");
    assertThat(bad.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(bad.sentence()).isEqualTo("exit 3: missing table");
    assertThat(exec(time, "/no/such/program").sentence()).startsWith("it cannot be run: ");
    Step late = exec(Duration.ofMillis(300), "sh", "-c", "sleep 20; echo done");
    assertThat(late.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(late.sentence()).isEqualTo("no end within 300 ms");
    assertThat(late.took()).isLessThan(Duration.ofSeconds(10));
  }
}
