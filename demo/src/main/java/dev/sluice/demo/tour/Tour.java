package dev.sluice.demo.tour;

import dev.sluice.demo.backend.Supervisor;
import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.tour.Caller.Answer;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Verdict;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The whole story by itself: health, outage, fallback, recovery, and a fault of the application.
 */
public final class Tour {
  private static final String DEPENDENCY = "orders-db";

  private final Stand stand;
  private final Caller caller;
  private final Timeline story;

  private Tour(Stand stand, PrintWriter out) {
    this.stand = stand;
    this.caller = new Caller(() -> stand.gateway().port());
    this.story = new Timeline(out);
  }

  /** Tells the story; true when every step held. */
  public static boolean run(PrintWriter out) {
    out.println("Starting PostgreSQL, fault proxies, the orders backend and the gateway ...");
    out.flush();
    try (Stand stand = Stand.start(0, 0, (world, text) -> text)) {
      Tour tour = new Tour(stand, out);
      tour.tell();
      out.printf("%nEvery step held.%n");
      out.flush();
      return true;
    } catch (Timeline.Broken e) {
      out.printf("%nThe tour broke: %s%n", e.getMessage());
      out.flush();
      return false;
    }
  }

  private void tell() {
    try (Supervisor supervisor = stand.supervise(() -> {})) {
      healthy();
      outage();
      List<String> monitors = fallback(supervisor);
      recovery(monitors, supervisor);
      applicationFault();
    }
  }

  private void healthy() {
    story.chapter("1  All is well");
    story.await(
        "mode full",
        Duration.ofSeconds(20),
        () -> stand.gateway().posture().mode(),
        ServiceMode.FULL::equals);
    Answer made =
        caller.write("POST", "/api/orders", order("tea", 1), Optional.of("before-the-outage"));
    story.holds(made.status() == 201, "POST /api/orders answers 201 through the gateway");
    Answer list = caller.get("/api/orders");
    story.holds(
        list.status() == 200 && list.body().contains("tea"), "GET /api/orders answers 200, live");
    story.holds(caller.get("/health/ready").status() == 200, "/health/ready answers 200");
  }

  private void outage() {
    story.chapter("2  The VPC connector fails: packets to the database and the control vanish");
    stand.world().databaseProxy().mode(Mode.BLACK_HOLE);
    stand.world().controlProxy().mode(Mode.BLACK_HOLE);
    Verdict verdict =
        story.await(
            "verdict INFRASTRUCTURE",
            Duration.ofSeconds(25),
            this::verdict,
            v -> v.cause() == Cause.INFRASTRUCTURE && v.confidence() >= 0.8);
    tell(verdict);
    story.await("breaker open", Duration.ofSeconds(20), this::breaker, BreakerState.OPEN::equals);
    story.note("mode " + stand.gateway().posture().mode().label());
  }

  private void tell(Verdict verdict) {
    story.note(
        String.format(
            Locale.ROOT,
            "     %s: %s, confidence %.2f, owner %s",
            verdict.cause(),
            verdict.detail().label(),
            verdict.confidence(),
            verdict.owner()));
    story.note("     " + verdict.sentence());
    verdict.evidence().stream().limit(3).forEach(e -> story.note("     evidence: " + e.text()));
    story.note("     remedy: " + verdict.remedy());
  }

  private List<String> fallback(Supervisor supervisor) {
    story.chapter("3  Meanwhile the service stays useful");
    Answer health = caller.get("/health/orders");
    story.holds(
        health.status() == 200 && health.body().startsWith("{\"status\":\"warn\""),
        "/health/orders answers 200 warn");
    Answer ready = caller.get("/health/ready");
    story.holds(
        ready.status() == 200 && ready.body().startsWith("{\"status\":\"warn\""),
        "/health/ready answers 200 warn");
    Answer stored = caller.get("/api/orders");
    story.holds(
        stored.status() == 200
            && stored.body().contains("tea")
            && stored.header("cache-status").orElse("").contains("sluice; hit"),
        "GET /api/orders answers from a stored copy, age "
            + stored.header("age").orElse("?")
            + " s");
    List<String> monitors = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      Answer held =
          caller.write("POST", "/api/orders", order("cup-" + i, i), Optional.of("outage-" + i));
      story.holds(held.status() == 202, "POST " + i + " is held durably and answered 202");
      monitors.add(held.header("location").orElseThrow());
    }
    Answer changed = caller.write("PUT", "/api/orders/1", order("green tea", 2), Optional.empty());
    story.holds(changed.status() == 202, "PUT /api/orders/1 is held and answered 202");
    changed = caller.write("PUT", "/api/orders/1", order("white tea", 3), Optional.empty());
    story.holds(changed.status() == 202, "a second PUT of it joins behind the first");
    story.holds(
        caller.get(monitors.get(0)).body().contains("\"status\":\"queued\""),
        "the first write's monitor says queued");
    story.holds(
        supervisor.restarts() == 0, "the supervisor restarted the backend 0 times in the outage");
    return monitors;
  }

  private void recovery(List<String> monitors, Supervisor supervisor) {
    story.chapter("4  The path is back");
    stand.world().databaseProxy().mode(Mode.PASS);
    stand.world().controlProxy().mode(Mode.PASS);
    story.await(
        "every held write is released",
        Duration.ofSeconds(40),
        () ->
            monitors.stream()
                .filter(m -> caller.get(m).header("sluice-write").orElse("").equals("succeeded"))
                .count(),
        done -> done == monitors.size());
    story.await(
        "PostgreSQL holds exactly the written rows, in order",
        Duration.ofSeconds(20),
        this::rows,
        List.of("white tea 3", "cup-1 1", "cup-2 2", "cup-3 3")::equals);
    story.await(
        "mode full",
        Duration.ofSeconds(30),
        () -> stand.gateway().posture().mode(),
        ServiceMode.FULL::equals);
    story.holds(caller.get("/api/orders").body().contains("white tea"), "reads are live again");
    story.holds(supervisor.restarts() == 0, "0 restarts in all");
  }

  private void applicationFault() {
    story.chapter("5  Another night: a migration drops a table");
    stand.world().postgres().execute("drop table orders cascade");
    Verdict verdict =
        story.await(
            "verdict APPLICATION",
            Duration.ofSeconds(30),
            () -> {
              caller.get("/api/orders");
              return verdict();
            },
            v -> v.cause() == Cause.APPLICATION);
    tell(verdict);
    story.holds(
        stand.gateway().posture().mode() == ServiceMode.FULL,
        "the mode stays full: no breaker opens");
  }

  private List<String> rows() {
    return stand.world().postgres().query("select item || ' ' || quantity from orders order by id");
  }

  private Verdict verdict() {
    return status().verdict();
  }

  private BreakerState breaker() {
    return status().breaker();
  }

  private DependencyStatus status() {
    return Objects.requireNonNull(stand.gateway().posture().dependencies().get(DEPENDENCY));
  }

  private static String order(String item, int quantity) {
    return "{\"item\":\"" + item + "\",\"quantity\":" + quantity + "}";
  }
}
