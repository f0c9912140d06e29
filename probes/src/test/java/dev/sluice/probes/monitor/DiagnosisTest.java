package dev.sluice.probes.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.probes.breaker.Settings;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
  private final VirtualWorld world =
      new VirtualWorld(Settings.of("127.0.0.1", Settings.dependency("db", true)));
  private final List<News> news = new ArrayList<>();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void itClimbsThreeTimesAndJudgesWithoutAWarmUp() {
    world.signals.put("db", Signal.REFUSED);
    run();
    world.pass(2);
    assertThat(world.fulls).hasSize(3);
    assertThat(judged()).hasSize(2);
    News.Judged db = judged().get(0);
    assertThat(db.subject()).isEqualTo("db");
    assertThat(db.complete()).isTrue();
    assertThat(db.verdict().detail()).isEqualTo(Detail.SERVER_REFUSING);
    assertThat(db.verdict().confidence()).isEqualTo(.97);
    assertThat(judged().get(1).verdict().detail()).isEqualTo(Detail.HEALTHY);
  }

  @Test
  void aDeadlineThatOnlyAColdProcessMissedDoesNotCount() {
    world.rung = Rung.AUTHENTICATION;
    world.slowness = Duration.ofSeconds(1);
    world.signals.put("db", Signal.SILENT);
    run();
    world.pass(2);
    world.signals.clear();
    world.pass(4);
    assertThat(world.fulls).hasSize(5);
    assertThat(judged().get(0).complete()).isTrue();
    assertThat(judged().get(0).verdict().detail()).isEqualTo(Detail.HEALTHY);
  }

  @Test
  void aDeadlineMissedLaterOnCounts() {
    world.rung = Rung.AUTHENTICATION;
    world.slowness = Duration.ofSeconds(1);
    run();
    world.pass(1);
    world.signals.put("db", Signal.SILENT);
    world.pass(3);
    assertThat(world.fulls).hasSize(3);
    assertThat(judged().get(0).verdict().detail()).isNotEqualTo(Detail.HEALTHY);
  }

  @Test
  void aPacketThatWasLostCountsFromTheFirstClimbOn() {
    world.slowness = Duration.ofSeconds(1);
    world.signals.put("db", Signal.TIMEOUT);
    run();
    world.pass(1);
    world.signals.clear();
    world.pass(4);
    assertThat(world.fulls).hasSize(3);
  }

  @Test
  void eachRungIsToldBeforeTheNextClimbBegins() {
    world.slowness = Duration.ofSeconds(2);
    run();
    world.pass(3);
    assertThat(news.stream().filter(n -> n instanceof News.Seen && n.subject().equals("db")))
        .hasSize(2);
    assertThat(judged()).isEmpty();
  }

  @Test
  void atItsLimitItJudgesWhatIsKnownAndLeavesNothingRunning() {
    world.slowness = Duration.ofSeconds(4);
    world.signals.put("db", Signal.TIMEOUT);
    run();
    world.pass(10);
    assertThat(judged()).hasSize(2);
    assertThat(judged().get(0).complete()).isFalse();
    assertThat(judged().get(0).verdict().confidence()).isEqualTo(.85);
    assertThat(judged().get(1).complete()).isTrue();
    assertThat(world.underWay).isZero();
  }

  @Test
  void whatWasNeverReachedIsNotJudgedWell() {
    world.slowness = Duration.ofSeconds(40);
    run();
    world.pass(10);
    assertThat(judged().get(0).verdict().detail()).isEqualTo(Detail.WARM_UP);
    assertThat(judged().get(0).complete()).isFalse();
  }

  @Test
  void aDeadBackendIsJudgedToo() {
    world.health = VirtualWorld::gone;
    run();
    world.pass(2);
    assertThat(judged().get(1).subject()).isEqualTo("orders");
    assertThat(judged().get(1).verdict().detail()).isEqualTo(Detail.APP_DOWN);
  }

  private void run() {
    Diagnosis.run(
            world.settings, world::instant, world.probing(), Duration.ofSeconds(10), world.time)
        .subscribe(news::add);
  }

  private List<News.Judged> judged() {
    return news.stream()
        .filter(News.Judged.class::isInstance)
        .map(News.Judged.class::cast)
        .toList();
  }
}
