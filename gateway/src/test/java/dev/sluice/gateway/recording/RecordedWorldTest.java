package dev.sluice.gateway.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Tiers;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Signal;
import dev.sluice.probes.verdict.Vantage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RecordedWorldTest {
  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  private static Sample took(Rung rung, long millis) {
    return Sample.good("db", rung, Vantage.SHARED, millis);
  }

  private static Tiers tiers(int connect, int query, int full) {
    return new Tiers(Duration.ofMillis(connect), Duration.ofMillis(query), Duration.ofMillis(full));
  }

  @Test
  void whatTookLongerThanItsTierAllowsHasFailedByThen() {
    List<Sample> samples =
        List.of(took(Rung.DNS, 100), took(Rung.TCP, 300), took(Rung.SELECT_ONE, 50));
    assertThat(RecordedWorld.cut(tiers(400, 50, 10), samples)).isEqualTo(samples);
    List<Sample> cut = RecordedWorld.cut(tiers(399, 50, 10), samples);
    assertThat(cut).hasSize(2);
    assertThat(cut.get(1).ok()).isFalse();
    assertThat(cut.get(1).millis()).isEqualTo(299);
    assertThat(cut.get(1).signal()).isEqualTo(Signal.TIMEOUT);
    assertThat(RecordedWorld.cut(tiers(400, 49, 10), samples).get(2).signal())
        .isEqualTo(Signal.SLOW);
  }

  @Test
  void aClimbSeesWhatTheLatestSawAndTheFullQueryOfTheLatestThatAskedIt() {
    Recording recording = Recording.empty();
    TreeMap<Instant, Climb> climbs = new TreeMap<>();
    climbs.put(START, climb(0, took(Rung.TCP, 1), took(Rung.FULL_QUERY, 70)));
    climbs.put(START.plusSeconds(10), climb(10, took(Rung.TCP, 2)));
    climbs.put(
        START.plusSeconds(20),
        climb(20, Sample.bad("db", Rung.TCP, Vantage.SHARED, 3, Signal.REFUSED, "refused")));
    recording.climbs().put("db", climbs);
    assertThat(millis(recording.climb("db", START.minusSeconds(9), false))).containsExactly(1L);
    assertThat(millis(recording.climb("db", START.plusSeconds(9), true))).containsExactly(1L, 70L);
    assertThat(millis(recording.climb("db", START.plusSeconds(19), true))).containsExactly(2L, 70L);
    assertThat(millis(recording.climb("db", START.plusSeconds(19), false))).containsExactly(2L);
    assertThat(millis(recording.climb("db", START.plusSeconds(99), true))).containsExactly(3L);
    assertThat(recording.climb("another", START, true)).isNull();
  }

  @Test
  void onceRequestsFailAClimbSeesWhatTheNextOneSaw() {
    Recording recording = Recording.empty();
    TreeMap<Instant, Climb> climbs = new TreeMap<>();
    climbs.put(START, climb(0, took(Rung.TCP, 1)));
    climbs.put(
        START.plusSeconds(10),
        climb(10, Sample.bad("db", Rung.TCP, Vantage.SHARED, 3, Signal.REFUSED, "refused")));
    recording.climbs().put("db", climbs);
    recording.count(
        START.plusSeconds(5),
        new Recording.Counted(new Flow("orders", List.of("db")), Map.of(Ending.TIMEOUT, 1), null));
    assertThat(recording.climb("db", START.plusSeconds(3), false).ok()).isTrue();
    assertThat(recording.climb("db", START.plusSeconds(4), false).ok()).isFalse();
  }

  private static Climb climb(int second, Sample... samples) {
    return new Climb("db", START.plusSeconds(second), Vantage.SHARED, List.of(samples));
  }

  private static List<Long> millis(Climb climb) {
    return climb.samples().stream().map(Sample::millis).toList();
  }
}
