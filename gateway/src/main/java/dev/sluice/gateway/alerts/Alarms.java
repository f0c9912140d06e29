package dev.sluice.gateway.alerts;

import dev.sluice.config.Alerts.Warnings;
import dev.sluice.config.Configuration;
import dev.sluice.config.Route;
import dev.sluice.fallback.cache.Runway;
import dev.sluice.gateway.alerts.Alarm.Severity;
import dev.sluice.gateway.health.Words;
import dev.sluice.gateway.validate.Revalidated;
import dev.sluice.probes.history.PathFigures;
import dev.sluice.probes.history.PoolSeries;
import dev.sluice.probes.map.DependencyMap;
import dev.sluice.probes.map.RootCause;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.BackendStatus;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Commands;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Evidence;
import dev.sluice.probes.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong by a posture: each fault once, with all that follows from it, and warnings of what
 * has not failed yet. A warning that an outage explains is left out. Pure.
 */
public final class Alarms {
  private static final String INFRASTRUCTURE = "infrastructure";
  private static final String DEVELOPMENT = "development";

  /** What a backend that answers its health probe no longer suffers from. */
  private static final Set<Detail> ANSWERS =
      Set.of(Detail.APP_DOWN, Detail.APP_SILENT, Detail.APP_ERROR, Detail.PLATFORM_OR_APP);

  private static final int MOST_EVIDENCE = 8;

  private final Configuration configuration;
  private final Posture posture;
  private final Signs signs;
  private final Instant now;
  private final List<Alarm> found = new ArrayList<>();

  private Alarms(Configuration configuration, Posture posture, Signs signs, Instant now) {
    this.configuration = configuration;
    this.posture = posture;
    this.signs = signs;
    this.now = now;
  }

  /** Faults first, the worst before the others. */
  public static List<Alarm> of(
      Configuration configuration, Posture posture, Signs signs, Instant now) {
    Alarms alarms = new Alarms(configuration, posture, signs, now);
    RootCause.of(new DependencyMap(configuration), posture).forEach(alarms::fault);
    alarms.warnings();
    return List.copyOf(alarms.found);
  }

  /** Subjects of which nothing is known at the moment: neither their faults nor their end. */
  public static Set<String> unknown(Posture posture) {
    Set<String> unknown = new HashSet<>();
    posture.dependencies().values().forEach(d -> add(unknown, d.verdict()));
    posture.backends().values().forEach(b -> add(unknown, b.verdict()));
    return unknown;
  }

  private static void add(Set<String> unknown, Verdict verdict) {
    if (verdict.detail() == Detail.WARM_UP || verdict.detail() == Detail.SELF_FROZEN) {
      unknown.add(verdict.subject());
    }
  }

  private void fault(RootCause root) {
    Verdict verdict = root.verdict();
    found.add(
        new Alarm(
            verdict.subject(),
            root.subjects(),
            optional(root) ? Severity.WARNING : Severity.CRITICAL,
            verdict.owner().equals("gateway") ? INFRASTRUCTURE : verdict.owner(),
            verdict.cause().name(),
            verdict.detail().label(),
            verdict.confidence(),
            verdict.sentence(),
            verdict.evidence().stream()
                .map(Evidence::text)
                .distinct()
                .limit(MOST_EVIDENCE)
                .toList(),
            verdict.remedy(),
            Commands.of(verdict, configuration),
            root.routes(),
            impacts(root.routes()),
            verdict.since(),
            fading(verdict)));
  }

  /** The very thing that failed has held since; what others saw of it may be otherwise. */
  private boolean fading(Verdict verdict) {
    DependencyStatus dependency = posture.dependencies().get(verdict.subject());
    if (dependency != null) {
      return verdict.cause() == Cause.INFRASTRUCTURE
          && verdict.detail() != Detail.BACKEND_PATH
          && held(dependency.lastClimb(), false)
          && held(dependency.besideClimb(), true);
    }
    BackendStatus backend = posture.backends().get(verdict.subject());
    BackendHealth said = backend == null ? null : backend.lastHealth();
    return said != null && ANSWERS.contains(verdict.detail()) && said.ok();
  }

  private static boolean held(@Nullable Climb climb, boolean otherwise) {
    return climb == null ? otherwise : climb.ok();
  }

  private boolean optional(RootCause root) {
    return root.subjects().stream()
        .allMatch(id -> configuration.dependency(id).map(d -> !d.required()).orElse(false));
  }

  private List<String> impacts(List<String> routes) {
    return routes.stream()
        .map(id -> configuration.route(id).map(Route::impact).orElse(null))
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  private void warnings() {
    Warnings limits = configuration.operation().alerts().warnings();
    signs.paths().stream().filter(PathFigures::degrading).forEach(this::degrading);
    signs.pools().stream().filter(PoolSeries::degrading).forEach(this::scarce);
    Duration oldest = signs.oldest();
    if (oldest != null && oldest.compareTo(limits.queueAge()) > 0 && !posture.anyOpen()) {
      warn(
          "queue-age",
          INFRASTRUCTURE,
          "The oldest held write has waited for %s although no breaker is open."
              .formatted(Words.of(oldest)),
          "Look at /queue on the admin port: its last error says why it is not released.");
    }
    if (signs.parked() > 0) {
      warn(
          "writes-parked",
          DEVELOPMENT,
          signs.parked() + " held writes ended without success and wait for somebody to decide.",
          "Run sluice queue list, then sluice queue retry or discard with the id of each.");
    }
    if (!signs.orphaned().isEmpty()) {
      warn(
          "writes-orphaned",
          DEVELOPMENT,
          "Writes wait for routes that are gone or queue no more: "
              + String.join(", ", signs.orphaned().stream().sorted().toList())
              + ".",
          "Put the routes back, or discard the writes with sluice queue discard.");
    }
    rest(limits);
  }

  private void rest(Warnings limits) {
    Integer free = signs.diskFree();
    if (free != null && free < limits.diskFree()) {
      warn(
          "disk-space",
          INFRASTRUCTURE,
          "The store's disk has %d %% left: once it is full no write is accepted any more."
              .formatted(free),
          "Make room on the disk, or move store.url to a larger one.");
    }
    Instant ends = signs.certificate();
    if (ends != null && ends.isBefore(now.plus(limits.certificate()))) {
      warn(
          "certificate",
          INFRASTRUCTURE,
          "A certificate of the gateway's own ends at " + ends + ".",
          "Put a new one in its place: it is taken up without a restart.");
    }
    for (Revalidated regression : signs.regressions()) {
      warn(
          "validation-" + regression.subject(),
          INFRASTRUCTURE,
          regression.sentence() + ".",
          "Look at /validations on the admin port; sluice validate tries it again.");
    }
    posture.dependencies().values().forEach(each -> certificate(each, limits.certificate()));
    posture.backends().values().forEach(each -> certificate(each, limits.certificate()));
    for (Runway runway : signs.runways()) {
      if (runsOut(runway, limits)) {
        warn(
            "runway-" + runway.routeId(),
            INFRASTRUCTURE,
            "The stored copies of route %s last for %s more: then its readers get 503."
                .formatted(runway.routeId(), Words.of(runway.last())),
            "Raise reads.max-stale of the route if older answers are better than none.");
      }
    }
  }

  /** What a dependency shows, to this gateway or to an agent beside a backend. */
  private void certificate(DependencyStatus dependency, Duration limit) {
    Stream.of(dependency.lastClimb(), dependency.besideClimb())
        .map(climb -> climb == null ? null : climb.certificateEnds())
        .filter(Objects::nonNull)
        .min(Comparator.naturalOrder())
        .ifPresent(ends -> certificate(dependency.id(), ends, limit));
  }

  /** What a backend has shown last; one that is silent keeps what it showed before. */
  private void certificate(BackendStatus backend, Duration limit) {
    Stream.of(backend.lastHealth(), backend.standing())
        .map(health -> health == null ? null : health.certificateEnds())
        .filter(Objects::nonNull)
        .findFirst()
        .ifPresent(ends -> certificate(backend.id(), ends, limit));
  }

  private void certificate(String id, Instant ends, Duration limit) {
    if (ends.isBefore(now.plus(limit))) {
      warn(
          "certificate-" + id,
          INFRASTRUCTURE,
          "The certificate of %s ends at %s.".formatted(id, ends),
          "Have it renewed before: from then on clients that verify it are refused.");
    }
  }

  /** Only an outage uses copies up. */
  private boolean runsOut(Runway runway, Warnings limits) {
    boolean closed =
        configuration
            .route(runway.routeId())
            .map(route -> posture.closed(route, configuration.dependenciesOf(route)))
            .orElse(false);
    return closed && runway.copies() > 0 && runway.last().compareTo(limits.runway()) < 0;
  }

  private void degrading(PathFigures path) {
    if (well(path.subject())) {
      String team =
          configuration.dependency(path.subject()).isPresent() ? INFRASTRUCTURE : DEVELOPMENT;
      warn(
          "degrading-" + path.subject(),
          team,
          path.subject() + " is " + path.sentence() + ".",
          "Look at it before it fails: the status page shows each rung.");
    }
  }

  private void scarce(PoolSeries pool) {
    if (well(pool.backend())) {
      warn(
          "pool-" + pool.backend(),
          DEVELOPMENT,
          "The pool of " + pool.backend() + " is " + pool.sentence() + ".",
          "Look for connections that are held too long, or raise the pool's size.");
    }
  }

  private boolean well(String subject) {
    return found.stream().noneMatch(alarm -> alarm.subjects().contains(subject));
  }

  private void warn(String kind, String team, String sentence, String remedy) {
    if (found.stream().anyMatch(alarm -> alarm.key().equals(kind))) {
      return;
    }
    found.add(
        new Alarm(
            kind,
            List.of(kind),
            Severity.WARNING,
            team,
            "WARNING",
            kind,
            1,
            sentence,
            List.of(),
            remedy,
            List.of(),
            List.of(),
            List.of(),
            now,
            false));
  }

  /** Whether a cause is somebody's fault. */
  static boolean blames(String cause) {
    return cause.equals(Cause.INFRASTRUCTURE.name()) || cause.equals(Cause.APPLICATION.name());
  }
}
