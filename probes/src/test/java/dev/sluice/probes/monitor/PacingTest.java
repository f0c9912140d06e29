package dev.sluice.probes.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Health.Probing;
import dev.sluice.config.Health.Probing.When;
import dev.sluice.probes.breaker.Settings;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Signal;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When probes are made. Each interval is five seconds. */
class PacingTest {
  private VirtualWorld world;

  private void start(When when) {
    Probing probing = new Probing(when, Duration.ofMillis(800));
    world =
        new VirtualWorld(
            Settings.with(Settings.of("127.0.0.1", Settings.dependency("db", true)), probing));
    world.monitor.start();
    world.pass(Duration.ofMillis(50));
    assertThat(world.fulls).as("a new process looks at once").hasSize(1);
  }

  @AfterEach
  void close() {
    world.close();
  }

  private int climbsIn(Duration time) {
    int before = world.fulls.size();
    world.pass(time);
    return world.fulls.size() - before;
  }

  private int climbsWhenAsked() {
    int before = world.fulls.size();
    assertThat(world.monitor.asked()).as("nobody waits").isNull();
    world.pass(Duration.ofMillis(50));
    return world.fulls.size() - before;
  }

  @Test
  void inTheBackgroundNobodyNeedsToAsk() {
    start(When.BACKGROUND);
    assertThat(climbsIn(Duration.ofMinutes(1))).isBetween(10, 14);
    assertThat(climbsWhenAsked()).isZero();
  }

  @Test
  void onesThatRideAlongBeginWithARequestWhenTheyAreDue() {
    start(When.PIGGYBACK);
    assertThat(climbsIn(Duration.ofMinutes(1))).isZero();
    assertThat(climbsWhenAsked()).isEqualTo(1);
    assertThat(climbsWhenAsked()).as("within the interval").isZero();
    world.signals.put("db", Signal.REFUSED);
    for (int request = 0; request < 4; request++) {
      world.pass(10);
      assertThat(climbsWhenAsked()).isEqualTo(1);
    }
    assertThat(world.db().verdict().cause()).isEqualTo(Cause.INFRASTRUCTURE);
    world.signals.clear();
    for (int request = 0; request < 4; request++) {
      world.pass(10);
      climbsWhenAsked();
    }
    assertThat(world.db().verdict().cause()).isEqualTo(Cause.NONE);
  }

  @Test
  void onDemandTheRequestWaitsForThem() {
    start(When.ON_DEMAND);
    world.pass(60);
    world.slowness = Duration.ofMillis(300);
    int before = world.fulls.size();
    CompletableFuture<Void> first = Objects.requireNonNull(world.monitor.asked());
    CompletableFuture<Void> second = Objects.requireNonNull(world.monitor.asked());
    world.pass(Duration.ofMillis(250));
    assertThat(first).isNotDone();
    CompletableFuture<Void> third = Objects.requireNonNull(world.monitor.asked());
    world.pass(Duration.ofMillis(60));
    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
    assertThat(third).isCompleted();
    assertThat(world.fulls).as("one climb for all").hasSize(before + 1);
    assertThat(world.db().lastClimb().at()).isAfter(world.instant().minusSeconds(1));
    CompletableFuture<Void> fourth = Objects.requireNonNull(world.monitor.asked());
    world.pass(Duration.ofMillis(1));
    assertThat(fourth).as("nothing is due").isCompleted();
    assertThat(climbsIn(Duration.ofMinutes(1))).isZero();
  }

  @Test
  void aProcessThatStandsStillBetweenRequestsIsFoundOut() {
    start(When.AUTO);
    assertThat(climbsIn(Duration.ofMinutes(1))).isBetween(10, 14);
    for (int i = 0; i < 2; i++) {
      world.skipped.addAndGet(Duration.ofSeconds(9).toNanos());
      world.pass(2);
    }
    assertThat(climbsIn(Duration.ofMinutes(9))).isZero();
    assertThat(climbsWhenAsked()).isEqualTo(1);
    world.pass(Duration.ofMinutes(2));
    assertThat(climbsIn(Duration.ofMinutes(1))).as("it runs all the time").isBetween(10, 14);
  }

  @Test
  void oneFreezeIsNoHabit() {
    start(When.AUTO);
    world.skipped.addAndGet(Duration.ofSeconds(9).toNanos());
    world.pass(2);
    assertThat(climbsIn(Duration.ofMinutes(1))).isBetween(10, 14);
  }

  @Test
  void anotherConfigurationIsFollowed() {
    start(When.PIGGYBACK);
    assertThat(climbsIn(Duration.ofMinutes(1))).isZero();
    Probing background = new Probing(When.BACKGROUND, Duration.ofMillis(800));
    world.monitor.follow(Settings.with(world.settings, background));
    assertThat(climbsIn(Duration.ofMinutes(1))).isBetween(10, 14);
  }
}
