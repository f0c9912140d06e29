package dev.sluice.probes.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.probes.breaker.Settings;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Signal;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Everyday failures in virtual time, and real ones among them. */
class NoiseTest {
  private static final int DAY = 86_400;

  /** Three in every build; thirty, which take minutes, with -Dnoise.days=30. */
  private static final int DAYS = Integer.getInteger("noise.days", 3);

  private final VirtualWorld world =
      new VirtualWorld(Settings.of("127.0.0.1", Settings.dependency("db", true)));
  private final SplittableRandom random = new SplittableRandom(20_261_125);

  @AfterEach
  void close() {
    world.close();
  }

  /** One climb in two hundred fails by itself. */
  private void everyday(int seconds) {
    for (int i = 0; i < seconds; i++) {
      boolean lost = random.nextInt(200) == 0;
      if (lost) {
        world.signals.put("db", Signal.TIMEOUT);
      }
      world.pass(1);
      if (lost) {
        world.signals.clear();
      }
    }
  }

  private long changes() {
    long changes = 0;
    Detail before = Detail.HEALTHY;
    for (var posture : world.published) {
      Detail now = posture.dependencies().get("db").verdict().detail();
      changes += now != before && now != Detail.WARM_UP ? 1 : 0;
      before = now == Detail.WARM_UP ? before : now;
    }
    return changes;
  }

  @Test
  void daysOfNoiseChangeNoVerdict() {
    world.monitor.start();
    for (int day = 0; day < DAYS; day++) {
      everyday(DAY - 20);
      // A deploy of two seconds, and a freeze of eight.
      world.health = VirtualWorld::gone;
      world.pass(2);
      world.health = VirtualWorld::well;
      world.skipped.addAndGet(Duration.ofSeconds(8).toNanos());
      world.pass(18);
    }
    assertThat(world.fulls.size()).as("climbs").isGreaterThan(DAYS * 16_000);
    assertThat(changes()).isLessThanOrEqualTo(1);
    assertThat(world.changes).as("breakers").isEmpty();
  }

  @Test
  void anOutageAmongTheNoiseIsFoundInTime() {
    world.monitor.start();
    for (int i = 0; i < 20; i++) {
      everyday(600);
      world.signals.put("db", Signal.REFUSED);
      world.pass(12);
      assertThat(world.db().verdict().cause()).isEqualTo(Cause.INFRASTRUCTURE);
      assertThat(world.db().verdict().confidence()).isGreaterThanOrEqualTo(.8);
      world.signals.clear();
      world.pass(3);
      assertThat(world.db().verdict().detail()).isEqualTo(Detail.HEALTHY);
      world.pass(30);
      assertThat(world.db().breaker()).isEqualTo(BreakerState.CLOSED);
    }
  }

  @Test
  void whatFlapsEveryThreeSecondsIsSaidOnceToBeUnstable() {
    world.monitor.start();
    world.pass(10);
    for (int cycle = 0; cycle < 100; cycle++) {
      world.signals.put("db", Signal.TIMEOUT);
      world.pass(3);
      world.signals.clear();
      world.pass(3);
    }
    assertThat(changes()).isLessThanOrEqualTo(3);
    assertThat(world.db().verdict().sentence()).startsWith("db is unstable: ");
  }
}
