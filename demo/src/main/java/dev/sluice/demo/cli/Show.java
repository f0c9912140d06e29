package dev.sluice.demo.cli;

import dev.sluice.demo.backend.Supervisor;
import dev.sluice.demo.tour.Caller;
import dev.sluice.demo.tour.Stand;
import dev.sluice.gateway.app.Gateway;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.verdict.Detail;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The world with its supervisor, its levers and its notices, until it is told to quit. */
final class Show {
  private static final long START_SECONDS = 30;

  private final Stand stand;
  private final Consumer<String> say;
  private final CountDownLatch end = new CountDownLatch(1);

  private Show(Stand stand, Consumer<String> say) {
    this.stand = stand;
    this.say = say;
  }

  /** Returns after {@code quit}; a signal ends the virtual machine instead. */
  static void run(Ports ports, Path folder, Path log, Consumer<String> say)
      throws InterruptedException {
    say.accept("Starting PostgreSQL, fault proxies, the orders backend and the gateway ...");
    ports.remarks().forEach(say);
    try (Stand stand = Stand.startWellKnown(folder, ports.port(), ports.adminPort())) {
      new Show(stand, say).run(log);
    }
  }

  private void run(Path log) throws InterruptedException {
    awaitHealth();
    say.accept(Invitation.text(stand, log));
    Gateway gateway = stand.gateway();
    try (Notices notices = Notices.start(gateway::posture, say);
        Supervisor supervisor =
            stand.supervise(() -> notices.tell("the supervisor restarted the backend"))) {
      Levers levers = new Levers(stand);
      new Console(levers, () -> status(levers, supervisor), say, end::countDown).read(System.in);
      end.await();
    }
  }

  /** An invitation into a world that is still starting would disappoint. */
  private void awaitHealth() {
    long began = System.nanoTime();
    while (!healthy(stand.gateway().posture())
        && System.nanoTime() - began < TimeUnit.SECONDS.toNanos(START_SECONDS)) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  private static boolean healthy(Posture posture) {
    return posture.mode() == ServiceMode.FULL
        && posture.dependencies().values().stream()
            .allMatch(d -> d.verdict().detail() == Detail.HEALTHY)
        && posture.backends().values().stream()
            .allMatch(b -> b.verdict().detail() == Detail.HEALTHY);
  }

  private String status(Levers levers, Supervisor supervisor) {
    Posture posture = stand.gateway().posture();
    String breakers =
        posture.dependencies().values().stream()
            .map(d -> d.id() + " " + d.breaker().label())
            .collect(Collectors.joining(", "));
    return "mode "
        + posture.mode().label()
        + "; breaker "
        + breakers
        + "; "
        + levers.status()
        + "; "
        + held()
        + " writes held; backend restarted "
        + supervisor.restarts()
        + " times. "
        + Notices.text(posture.headline());
  }

  private int held() {
    String queue = new Caller(stand.gateway()::adminPort).get("/queue?limit=1").body();
    JsonNode counts = JsonMapper.builder().build().readTree(queue).path("counts");
    return counts.path("queued").asInt(0) + counts.path("in-flight").asInt(0);
  }
}
