package dev.sluice.gateway.admin;

import dev.sluice.config.Configuration;
import dev.sluice.fallback.cache.CopyStore;
import dev.sluice.fallback.cache.Runway;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteStore;
import dev.sluice.gateway.alerts.Incident;
import dev.sluice.gateway.alerts.Served;
import dev.sluice.gateway.child.Child;
import dev.sluice.gateway.drill.Drills;
import dev.sluice.gateway.fleet.Member;
import dev.sluice.gateway.fleet.Standing;
import dev.sluice.gateway.health.HealthAnswer;
import dev.sluice.gateway.health.Situation;
import dev.sluice.gateway.reload.ReloadOutcome;
import dev.sluice.gateway.telemetry.Scrape;
import dev.sluice.gateway.validate.Revalidated;
import dev.sluice.probes.history.PathFigures;
import dev.sluice.probes.history.PoolSeries;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.monitor.AgentReport;
import dev.sluice.probes.validation.Baseline;
import dev.sluice.probes.validation.Suite;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Where the admin port has its facts from. Every method answers from memory, from any thread. */
public interface AdminSources {
  Configuration configuration();

  Posture posture();

  /** The wall clock. */
  Instant instant();

  /** Takes what an agent saw. */
  void told(AgentReport report);

  /** How the ways to the dependencies were lately. */
  List<PathFigures> paths();

  /** How the backends' pools were lately. */
  List<PoolSeries> pools();

  /** The share of the traffic that the breaker of a dependency or backend lets through. */
  double share(String id);

  /** How much longer the breaker of a dependency that is back waits for this gateway's turn. */
  Duration waits(String id);

  /** What the breaker of a dependency goes by since its outages; empty before the first. */
  String learnt(String dependencyId);

  Situation situation();

  /** The full report, nothing redacted. */
  HealthAnswer health();

  /**
   * All meters, in the format of Prometheus that the scraper asks for.
   *
   * @param accept null where it does not say
   */
  Scrape scrape(@Nullable String accept);

  /** The queue's store; null where none is configured or it could not be opened. */
  @Nullable WriteStore store();

  /** Is told of a write that waited and that an operator discarded. */
  void withdrawn(QueuedWrite write);

  /** The stored answers. */
  CopyStore copies();

  /** How long they last in an outage, by route. */
  List<Runway> runways();

  /** Switches every protection off or on, at once. */
  void passthrough(boolean on);

  /** Has the route files read again; the future never fails. */
  CompletableFuture<ReloadOutcome> reloadNow();

  /** What came of the last reload that was worth telling; null before the first. */
  @Nullable ReloadOutcome reloaded();

  /** How long connections to a dependency took on usual days. */
  Baseline usual(String dependencyId);

  /** Whether a validation runs or waits. */
  boolean validating();

  /** Asks for a validation; false where it cannot be had. */
  boolean validate(Suite suite);

  /** What the store keeps of a schedule's validations, in JSON, the newest first. */
  CompletableFuture<List<String>> keptValidations(String schedule, int most);

  /** What clients were given since the start. */
  Served served();

  /** Begins and ends drills. */
  Drills drills();

  /** The last hour of traffic and breakers. */
  Hour hour();

  /** Which route files run, in a word; empty where there are none. */
  String version();

  /**
   * How dependencies fared that were tried out when their breakers had closed, the latest first.
   */
  List<Revalidated> validations();

  /** Outages that teams were told of and that last, the oldest first. */
  List<Incident.View> outages();

  /** Those that have ended, the latest first. */
  List<Incident.View> endedOutages();

  /**
   * What was seen and done in this time, as far as it is remembered, in lines of JSON; the one
   * answer that takes a while.
   */
  byte[] recorded(Instant from, Instant to);

  /** The processes that the gateway runs, by the ids of their backends. */
  Map<String, Child.State> processes();

  /** Routes that queued writes wait for although they are gone or queue no more. */
  Set<String> orphanedRoutes();

  /** How this gateway stands among those that share its store. */
  Standing fleet();

  /** What it tells them of itself. */
  Member here();
}
