package dev.sluice.probes.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Configuration;
import dev.sluice.config.Dependency;
import dev.sluice.probes.breaker.Permit;
import dev.sluice.probes.breaker.Settings;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Evidence;
import dev.sluice.probes.verdict.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The monitor goes over from one configuration to another. */
class FollowTest {
  private static final Dependency DB = Settings.dependency("db", true);
  private final Configuration first = Settings.of("127.0.0.1", DB);
  private final VirtualWorld world = new VirtualWorld(first);
  private final Monitor monitor = world.monitor;

  @AfterEach
  void close() {
    world.close();
  }

  private void follow(Configuration next) {
    var followed = monitor.follow(next);
    world.pass(Duration.ofMillis(1));
    followed.join();
  }

  private static Configuration with(Configuration c, List<Dependency> dependencies) {
    return Settings.with(c, dependencies, c.controls(), c.breaker());
  }

  private static Dependency slower(Dependency d) {
    return new Dependency(
        d.id(),
        d.target(),
        d.network(),
        d.tiers(),
        Duration.ofSeconds(20),
        d.fullQuery(),
        d.fullInterval(),
        d.required(),
        d.place());
  }

  private DependencyStatus status(String id) {
    return Objects.requireNonNull(monitor.posture().dependencies().get(id));
  }

  private void outage() {
    monitor.start();
    world.pass(10);
    world.signals.put("db", Signal.REFUSED);
    world.pass(10);
    assertThat(status("db").breaker()).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void aFaultThatBeginsAfterAChangeHasItAsEvidence() {
    monitor.start();
    world.pass(10);
    Dependency other = Settings.dependency("other", false);
    follow(with(first, List.of(DB, other)));
    world.pass(60);
    world.signals.put("db", Signal.REFUSED);
    world.signals.put("other", Signal.REFUSED);
    world.pass(20);
    assertThat(told("db"))
        .anyMatch(
            text ->
                text.matches(
                    "It began 6[0-9] s after the configuration changed; the entry of db stayed as it was."));
    assertThat(told("other"))
        .anyMatch(
            text -> text.endsWith("s after the configuration changed, the entry of other too."));
  }

  @Test
  void oneThatBeganBeforeOrMuchLaterHasNot() {
    outage();
    follow(with(first, List.of(DB, Settings.dependency("other", true))));
    world.pass(20);
    assertThat(told("db")).noneMatch(text -> text.contains("configuration"));
    world.pass(31 * 60);
    world.signals.put("other", Signal.REFUSED);
    world.pass(20);
    assertThat(told("other")).isNotEmpty().noneMatch(text -> text.contains("configuration"));
  }

  private List<String> told(String id) {
    return status(id).verdict().evidence().stream().map(Evidence::text).toList();
  }

  @Test
  void anOpenBreakerAndItsVerdictLiveOnWhereNothingOfTheTargetChanged() {
    outage();
    int climbs = world.fulls.size();
    var before = status("db");
    follow(with(first, List.of(DB, Settings.dependency("other", false))));
    assertThat(status("db")).isEqualTo(before);
    assertThat(monitor.breakers().permit("orders", List.of("db"))).isNull();
    assertThat(status("other").verdict().detail()).isEqualTo(Detail.WARM_UP);
    assertThat(world.fulls).as("one climb, of the new one").hasSize(climbs + 1);
  }

  @Test
  void whatChangedBeginsAnew() {
    outage();
    follow(with(first, List.of(slower(DB))));
    assertThat(status("db").breaker()).isEqualTo(BreakerState.CLOSED);
    assertThat(status("db").verdict().detail()).isEqualTo(Detail.WARM_UP);
    assertThat(monitor.breakers().permit("orders", List.of("db"))).isNotNull();
    world.signals.clear();
    world.pass(1);
    int proven = world.fulls.size();
    world.pass(60);
    assertThat(world.fulls.size() - proven).as("climbs on the new interval").isBetween(2, 4);
  }

  @Test
  void whatIsGoneIsProbedNoMoreAndNobodyHearsOfIt() {
    Dependency other = Settings.dependency("other", true);
    follow(with(first, List.of(DB, other)));
    monitor.start();
    world.pass(10);
    Permit late = monitor.breakers().permit("orders", List.of("other"));
    world.signals.put("other", Signal.REFUSED);
    world.pass(2);
    follow(first);
    int climbs = world.fulls.size();
    world.changes.clear();
    world.pass(20);
    assertThat(world.fulls.size() - climbs).as("climbs of db alone").isBetween(3, 5);
    assertThat(monitor.posture().dependencies()).containsOnlyKeys("db");
    assertThat(world.published.get(world.published.size() - 1).dependencies())
        .containsOnlyKeys("db");
    Objects.requireNonNull(late).failed(dev.sluice.probes.breaker.Failure.TIMEOUT);
    assertThat(world.changes).isEmpty();
  }

  @Test
  void aClimbUnderWayOfWhatIsGoneIsCancelled() {
    world.slowness = Duration.ofSeconds(3);
    monitor.start();
    world.pass(1);
    assertThat(world.underWay).isEqualTo(1);
    follow(with(first, List.of()));
    assertThat(world.underWay).isZero();
  }

  @Test
  void otherSettingsOfTheBreakersHoldFromNowOn() {
    monitor.start();
    world.pass(10);
    follow(
        Settings.with(
            first, List.of(DB), first.controls(), Settings.breaker(6, Duration.ofHours(1), 1, 1)));
    world.signals.put("db", Signal.REFUSED);
    while (!status("db").suspect()) {
      world.pass(Duration.ofMillis(100));
    }
    world.pass(3);
    assertThat(status("db").breaker()).as("not at the third").isEqualTo(BreakerState.CLOSED);
    world.pass(4);
    assertThat(status("db").breaker()).as("at the sixth").isEqualTo(BreakerState.OPEN);
    world.signals.clear();
    world.pass(Duration.ofMillis(1200));
    assertThat(status("db").breaker()).as("one good climb").isEqualTo(BreakerState.HALF_OPEN);
  }

  @Test
  void anOpenBreakerStaysOpenUnderOtherSettings() {
    outage();
    follow(
        Settings.with(
            first, List.of(DB), first.controls(), Settings.breaker(9, Duration.ofHours(1), 2, 1)));
    assertThat(status("db").breaker()).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void eachPostureIsPublishedWithItsConfiguration() {
    List<String> seen = new ArrayList<>();
    try (Monitor other =
        world.monitor(
            (of, posture) ->
                seen.add(of.dependencies().size() + " " + posture.dependencies().size()),
            new MonitorListener() {})) {
      other.start();
      world.pass(5);
      other.follow(with(first, List.of(DB, Settings.dependency("other", true))));
      world.pass(5);
      assertThat(seen).contains("1 1", "2 2").doesNotContain("1 2", "2 1");
    }
  }

  @Test
  void aClosedMonitorSaysSo() {
    monitor.close();
    var followed = monitor.follow(first);
    world.pass(1);
    assertThat(followed).isCompletedExceptionally();
  }
}
