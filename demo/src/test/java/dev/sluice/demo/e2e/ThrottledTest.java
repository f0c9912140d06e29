package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.tour.Caller;
import dev.sluice.demo.tour.DemoWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Gateways that run only while a health check is here, and for a moment after it, as where a
 * platform bills by the request: in between each process is stopped.
 */
@Timeout(240)
@Order(2)
class ThrottledTest {
  private static final Duration STILL = Duration.ofSeconds(6);
  private static final Duration MOMENT = Duration.ofMillis(400);
  private static final int ENOUGH = 5;

  @TempDir private Path folder;
  private final List<Instance> instances = new ArrayList<>();

  /** One gateway and who asks for its health. */
  private record Instance(String mode, GatewayProcess process, Caller checker) {
    /** The answer to one check; the process stands still before and after it. */
    Checked check() throws IOException {
      Instant thawed = Instant.now();
      process.thaw();
      Caller.Answer answer = checker.get("/health/orders");
      LockSupport.parkNanos(MOMENT.toNanos());
      process.freeze();
      JsonNode body = JsonMapper.builder().build().readTree(answer.body());
      return new Checked(
          answer.status(),
          body.path("verdict").path("cause").asString(""),
          body.path("backend").path("ok").asBoolean(false),
          Instant.parse(body.path("backend").path("time").asString("")).isAfter(thawed));
    }
  }

  /**
   * @param ok what the backend said
   * @param fresh whether it said so after the process went on
   */
  private record Checked(int status, String cause, boolean ok, boolean fresh) {}

  private void start(DemoWorld world, String mode) throws IOException {
    Path store = folder.resolve(mode + ".db");
    String text = world.routeFile(0, 0, store) + "health: { probing: { mode: %s } }%n";
    Path routes = Files.writeString(folder.resolve(mode + ".yaml"), text.formatted(mode));
    GatewayProcess process = GatewayProcess.start(routes);
    instances.add(new Instance(mode, process, new Caller(process::port)));
  }

  /**
   * One check of each gateway, after all have stood still; one after the other, as each would have
   * its processor for itself.
   */
  private List<Checked> checks() throws IOException {
    LockSupport.parkNanos(STILL.toNanos());
    List<Checked> checked = new ArrayList<>();
    for (Instance each : instances) {
      checked.add(each.check());
    }
    return checked;
  }

  private static boolean well(Instance instance) {
    Caller.Answer answer = instance.checker().get("/health/orders");
    return answer.status() == 200 && answer.body().startsWith("{\"status\":\"pass\"");
  }

  @Test
  void theTruthComesWithTheRequests() throws IOException {
    try (DemoWorld world = DemoWorld.start()) {
      for (String mode : List.of("auto", "piggyback", "on-demand")) {
        start(world, mode);
      }
      instances.forEach(
          each -> await(each.mode()).atMost(60, TimeUnit.SECONDS).until(() -> well(each)));
      for (Instance each : instances) {
        each.process().freeze();
      }
      for (int i = 0; i < 3; i++) {
        assertThat(checks()).allMatch(c -> c.status() == 200 && c.cause().equals("NONE") && c.ok());
      }
      world.databaseProxy().mode(Mode.REFUSE);
      List<Checked> first = checks();
      assertThat(first.get(2)).as("on demand").matches(c -> !c.ok() && c.fresh());
      assertThat(first)
          .as("no check fails for the database's sake")
          .allMatch(c -> c.status() == 200);
      until("INFRASTRUCTURE", false);
      world.databaseProxy().mode(Mode.PASS);
      until("NONE", true);
    } finally {
      for (Instance each : instances) {
        each.process().thaw();
        each.process().close();
      }
    }
  }

  /** Each says so after a few checks at most, and is up all the while. */
  private void until(String cause, boolean ok) throws IOException {
    List<Checked> last = checks();
    for (int i = 1; i < ENOUGH && !last.stream().allMatch(c -> says(c, cause, ok)); i++) {
      assertThat(last).allMatch(c -> c.status() == 200);
      last = checks();
    }
    assertThat(last).allMatch(c -> says(c, cause, ok) && c.status() == 200);
  }

  private static boolean says(Checked checked, String cause, boolean ok) {
    return checked.cause().equals(cause) && checked.ok() == ok;
  }
}
