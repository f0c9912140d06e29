package dev.sluice.demo.tour;

import dev.sluice.demo.backend.Supervisor;
import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.postgres.Leftovers;
import dev.sluice.demo.tour.Caller.Answer;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Verdict;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The whole story by itself: health, outage, fallback, recovery, and a fault of the application.
 * What takes its time is waited for, with much patience; only what must hold at that very moment is
 * demanded at once.
 */
public final class Tour {
  private static final String DEPENDENCY = "orders-db";
  private static final int POSTS = 3;

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
    return run(out, Leftovers.folder("sluice-demo-"));
  }

  /** The same in a folder made by {@link Leftovers#folder}, which is removed in the end. */
  public static boolean run(PrintWriter out, Path folder) {
    out.println("Starting PostgreSQL, fault proxies, the orders backend and the gateway ...");
    out.flush();
    try (Stand stand = Stand.start(folder, 0, 0, (world, text) -> text)) {
      new Tour(stand, out).tell();
      out.printf("%nEvery step held.%n");
      out.flush();
      return true;
    } catch (Timeline.Broken e) {
      if (!Leftovers.ending()) { // a stop that was asked for is no broken step
        out.printf("%nThe tour broke: %s%n", e.getMessage());
        out.flush();
      }
      return false;
    }
  }

  private void tell() {
    String order = healthy();
    try (Supervisor supervisor = stand.supervise(() -> {})) {
      outage();
      List<String> monitors = fallback(order, supervisor);
      recovery(order, monitors, supervisor);
      applicationFault();
    }
  }

  /** Returns the path of the order that is made. */
  private String healthy() {
    story.chapter("1  All is well");
    full();
    story.await(
        "GET /api/orders answers 200: the backend has made its tables",
        () -> caller.get("/api/orders"),
        answer -> answer.status() == 200 && !stored(answer));
    Answer made =
        caller.write("POST", "/api/orders", order("tea", 1), Optional.of("before-the-outage"));
    story.holds(made.status() == 201, "POST /api/orders answers 201 through the gateway");
    Answer list = caller.get("/api/orders");
    story.holds(
        list.status() == 200 && list.body().contains("tea"), "GET /api/orders answers 200, live");
    story.holds(caller.get("/health/ready").status() == 200, "/health/ready answers 200");
    return made.header("location").orElseThrow();
  }

  private void outage() {
    story.chapter("2  The VPC connector fails: packets to the database and the control vanish");
    stand.world().path(Mode.BLACK_HOLE);
    Verdict verdict =
        story.await(
            "verdict INFRASTRUCTURE",
            this::verdict,
            v -> v.cause() == Cause.INFRASTRUCTURE && v.confidence() >= 0.8);
    tell(verdict);
    story.await("breaker open", () -> status().breaker(), BreakerState.OPEN::equals);
    story.await("mode infra-failure", this::mode, ServiceMode.INFRA_FAILURE::equals);
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

  /** Returns the monitors of the writes that are held. */
  private List<String> fallback(String order, Supervisor supervisor) {
    story.chapter("3  Meanwhile the service stays useful");
    for (String path : List.of("/health/orders", "/health/ready")) {
      story.await(
          path + " answers 200 warn",
          () -> caller.get(path),
          a -> a.status() == 200 && a.body().startsWith("{\"status\":\"warn\""));
    }
    Answer copy = caller.get("/api/orders");
    story.holds(
        copy.status() == 200 && copy.body().contains("tea") && stored(copy),
        "GET /api/orders answers from a stored copy, age " + copy.header("age").orElse("?") + " s");
    List<String> monitors = hold(order);
    story.holds(
        caller.get(monitors.get(0)).body().contains("\"status\":\"queued\""),
        "the first write's monitor says queued");
    story.holds(
        supervisor.restarts() == 0, "the supervisor restarted the backend 0 times in the outage");
    return monitors;
  }

  private List<String> hold(String order) {
    List<String> monitors = new ArrayList<>();
    for (int i = 1; i <= POSTS; i++) {
      Answer held =
          caller.write("POST", "/api/orders", order("cup-" + i, i), Optional.of("outage-" + i));
      story.holds(held.status() == 202, "POST " + i + " is held durably and answered 202");
      monitors.add(held.header("location").orElseThrow());
    }
    Answer first = caller.writeAsync("PUT", order, order("green tea", 2));
    story.holds(first.status() == 202, "PUT " + order + " is held and answered 202");
    Answer second = caller.writeAsync("PUT", order, order("white tea", 3));
    story.holds(second.status() == 202, "a second PUT of it joins behind the first");
    monitors.add(first.header("location").orElseThrow());
    monitors.add(second.header("location").orElseThrow());
    return monitors;
  }

  private void recovery(String order, List<String> monitors, Supervisor supervisor) {
    story.chapter("4  The path is back");
    stand.world().path(Mode.PASS);
    story.await(
        "every held write is released",
        () ->
            monitors.stream()
                .filter(m -> caller.get(m).header("sluice-write").orElse("").equals("succeeded"))
                .count(),
        done -> done == monitors.size());
    Ledger ledger = Ledger.read(stand.world().postgres());
    story.holds(
        ledger.holdsExactly(List.of("white tea 3", "cup-1 1", "cup-2 2", "cup-3 3")),
        "PostgreSQL holds each written row exactly once " + ledger.rows());
    story.holds(
        ledger
            .changes()
            .equals(
                List.of(
                    "PUT " + order + " " + order("green tea", 2),
                    "PUT " + order + " " + order("white tea", 3))),
        "the backend saw both PUTs, in the order of their acceptance");
    full();
    story.await(
        "reads are live again",
        () -> caller.get("/api/orders"),
        a -> a.status() == 200 && a.body().contains("white tea") && !stored(a));
    story.holds(supervisor.restarts() == 0, "0 restarts in all");
  }

  private void applicationFault() {
    story.chapter("5  Another night: a migration drops a table");
    stand.world().postgres().execute("drop table orders cascade");
    Verdict verdict =
        story.await(
            "verdict APPLICATION",
            () -> {
              caller.get("/api/orders");
              return verdict();
            },
            v -> v.cause() == Cause.APPLICATION);
    tell(verdict);
    story.holds(mode() == ServiceMode.FULL, "the mode stays full: no breaker opens");
  }

  private void full() {
    story.await("mode full", this::mode, ServiceMode.FULL::equals);
  }

  private ServiceMode mode() {
    return stand.gateway().posture().mode();
  }

  private Verdict verdict() {
    return status().verdict();
  }

  private DependencyStatus status() {
    return Objects.requireNonNull(stand.gateway().posture().dependencies().get(DEPENDENCY));
  }

  private static boolean stored(Answer answer) {
    return answer.header("cache-status").orElse("").contains("sluice; hit");
  }

  private static String order(String item, int quantity) {
    return "{\"item\":\"" + item + "\",\"quantity\":" + quantity + "}";
  }
}
