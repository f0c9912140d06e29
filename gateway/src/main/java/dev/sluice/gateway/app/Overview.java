package dev.sluice.gateway.app;

import dev.sluice.config.Configuration;
import dev.sluice.fallback.cache.CopyStore;
import dev.sluice.fallback.cache.Runway;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteStore;
import dev.sluice.fallback.store.Fleet;
import dev.sluice.gateway.admin.AdminSources;
import dev.sluice.gateway.admin.Hour;
import dev.sluice.gateway.alerts.Incident;
import dev.sluice.gateway.alerts.Served;
import dev.sluice.gateway.child.Child;
import dev.sluice.gateway.drill.Drills;
import dev.sluice.gateway.fleet.Member;
import dev.sluice.gateway.fleet.Standing;
import dev.sluice.gateway.health.HealthAnswer;
import dev.sluice.gateway.health.Situation;
import dev.sluice.gateway.recording.Recorder;
import dev.sluice.gateway.reload.Reload;
import dev.sluice.gateway.reload.ReloadOutcome;
import dev.sluice.gateway.telemetry.Scrape;
import dev.sluice.gateway.telemetry.Telemetry;
import dev.sluice.gateway.validate.Revalidated;
import dev.sluice.probes.breaker.Learned;
import dev.sluice.probes.history.PathFigures;
import dev.sluice.probes.history.PoolSeries;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.monitor.AgentReport;
import dev.sluice.probes.monitor.Monitor;
import dev.sluice.probes.validation.Baseline;
import dev.sluice.probes.validation.Suite;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the admin port shows of the running gateway. */
record Overview(
    Publication publication,
    Supplier<Situation> now,
    HealthCounter counter,
    ControlLog control,
    Telemetry telemetry,
    Stores stores,
    CopyStore copyStore,
    AtomicBoolean protectionOff,
    Reload reload,
    ReplayLog replayLog,
    AlertWatch alerts,
    Chronicle chronicle,
    Trials trials,
    Baselines baselines,
    Timetable timetable,
    Drills drills,
    Recorder recorder,
    @Nullable Wrapped wrapped,
    FleetWatch fleetWatch,
    InstantSource clock,
    Monitor monitor)
    implements AdminSources {
  /** Where the store is once it is open. */
  interface Stores {
    @Nullable WriteStore get();
  }

  @Override
  public @Nullable WriteStore store() {
    return stores.get();
  }

  @Override
  public List<Revalidated> validations() {
    return trials.latest();
  }

  @Override
  public Baseline usual(String dependencyId) {
    return baselines.usual(dependencyId);
  }

  @Override
  public boolean validating() {
    return trials.busy();
  }

  @Override
  public boolean validate(Suite suite) {
    return trials.begin(Revalidated.Trigger.ASKED, "gateway", suite);
  }

  @Override
  public CompletableFuture<List<String>> keptValidations(String schedule, int most) {
    return timetable.kept(schedule, most);
  }

  @Override
  public Instant instant() {
    return clock.instant();
  }

  @Override
  public void told(AgentReport report) {
    recorder.told(report);
    monitor.told(report);
  }

  @Override
  public Duration waits(String id) {
    return monitor.breakers().waits(id);
  }

  @Override
  public double share(String id) {
    return monitor.breakers().share(id);
  }

  @Override
  public String learnt(String dependencyId) {
    Learned learnt = monitor.breakers().learnt(dependencyId);
    return learnt == null ? "" : learnt.sentence();
  }

  @Override
  public Configuration configuration() {
    return publication.get().configuration();
  }

  @Override
  public Posture posture() {
    return publication.get().posture();
  }

  @Override
  public List<PathFigures> paths() {
    return control.paths();
  }

  @Override
  public List<PoolSeries> pools() {
    return control.pools();
  }

  @Override
  public Situation situation() {
    return now.get();
  }

  @Override
  public HealthAnswer health() {
    return counter.full(publication.get());
  }

  @Override
  public Scrape scrape(@Nullable String accept) {
    return telemetry.scrape(accept);
  }

  @Override
  public CopyStore copies() {
    return copyStore;
  }

  @Override
  public List<Runway> runways() {
    return now.get().runways();
  }

  @Override
  public void passthrough(boolean on) {
    protectionOff.set(on);
  }

  @Override
  public CompletableFuture<ReloadOutcome> reloadNow() {
    return reload.ask(ReloadOutcome.Trigger.ADMIN);
  }

  @Override
  public @Nullable ReloadOutcome reloaded() {
    return reload.latest();
  }

  @Override
  public Hour hour() {
    return chronicle.hour();
  }

  @Override
  public String version() {
    return reload.version();
  }

  @Override
  public Served served() {
    return alerts.served();
  }

  @Override
  public List<Incident.View> outages() {
    return alerts.open();
  }

  @Override
  public List<Incident.View> endedOutages() {
    return alerts.ended();
  }

  @Override
  public byte[] recorded(Instant from, Instant to) {
    return recorder.between(from, to);
  }

  @Override
  public Map<String, Child.State> processes() {
    return wrapped == null ? Map.of() : Map.of(wrapped.backendId(), wrapped.state());
  }

  @Override
  public Standing fleet() {
    return fleetWatch.standing();
  }

  @Override
  public Member here() {
    Fleet shared = fleetWatch.fleet();
    return alerts.member(shared == null ? "" : shared.id());
  }

  @Override
  public void withdrawn(QueuedWrite write) {
    replayLog.withdrawn(write);
  }

  @Override
  public Set<String> orphanedRoutes() {
    return replayLog.orphanedRoutes();
  }
}
