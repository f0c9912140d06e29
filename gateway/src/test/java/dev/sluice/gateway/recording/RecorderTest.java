package dev.sluice.gateway.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.health.Postures;
import dev.sluice.gateway.proxy.ExchangeObserver.Ended;
import dev.sluice.gateway.proxy.ExchangeObserver.Origin;
import dev.sluice.gateway.proxy.ExchangeObserver.Outcome;
import dev.sluice.probes.breaker.Failure;
import dev.sluice.probes.breaker.Move;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.monitor.AgentReport;
import dev.sluice.probes.monitor.TrafficWitness;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Complaint;
import dev.sluice.probes.verdict.PoolFigures;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Sessions;
import dev.sluice.probes.verdict.Signal;
import dev.sluice.probes.verdict.Vantage;
import dev.sluice.probes.verdict.Verdict;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RecorderTest {
  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
  private Instant now = START;
  private final Recorder recorder = new Recorder(() -> now);

  private static Climb climb(String id, Instant at, boolean ok) {
    Sample good = Sample.good(id, Rung.DNS, Vantage.SHARED, 2);
    Sample last =
        ok
            ? Sample.good(id, Rung.TCP, Vantage.SHARED, 3)
            : Sample.bad(id, Rung.TCP, Vantage.SHARED, 900, Signal.REFUSED, "nobody listens");
    return new Climb(
        id, at, Vantage.SHARED, List.of(good, last), new Sessions(97, 3, 1, 2, "orders", 2));
  }

  private Recording read() throws IOException {
    recorder.write(Postures.configuration());
    return read(lines());
  }

  private String lines() {
    return new String(
        recorder.between(Instant.EPOCH, START.plusSeconds(9_999)), StandardCharsets.UTF_8);
  }

  private static Recording read(String lines) throws IOException {
    return RecordingReader.read(new BufferedReader(new StringReader(lines)));
  }

  @Test
  void whatWasSeenIsReadAsItWas() throws IOException {
    Climb good = climb("db", START, true);
    Climb bad = climb("db", START.plusSeconds(5), false);
    Climb pushed = climb("db", START.plusSeconds(6), false);
    Climb control = climb("way", START.plusSeconds(7), true);
    BackendHealth answer =
        BackendHealth.answered(
                START.plusSeconds(8),
                503,
                "503 Service Unavailable",
                List.of(new Complaint("db", "connection refused", true)),
                new PoolFigures(10, 9, 1, 10, 4))
            .of("rev-7")
            .saying("fail");
    Verdict verdict = Verdict.warmUp("db", START);
    recorder.climbed(good, verdict);
    recorder.climbed(bad, verdict);
    recorder.told(new AgentReport("beside", List.of(pushed)));
    recorder.control(control);
    recorder.heard("orders", answer);
    Recording read = read();
    assertThat(read.climbs().get("db").values()).containsExactly(good, bad);
    assertThat(read.climbs().get("way").values()).containsExactly(control);
    assertThat(read.answers().get("orders").values()).containsExactly(answer);
    assertThat(read.agents().values())
        .containsExactly(List.of(new Recording.Pushed("beside", pushed)));
    assertThat(read.from()).isEqualTo(START);
    assertThat(read.to()).isEqualTo(START.plusSeconds(8));
  }

  @Test
  void requestsAreCountedByTheSecondAndByWhatTheyNeed() throws IOException {
    List<String> told = new ArrayList<>();
    TrafficWitness witness = recorder.beside(noting(told));
    List<String> needs = List.of("db");
    recorder.heard("orders", BackendHealth.connected(START));
    witness.answered("orders", needs, 200, false);
    witness.answered("orders", needs, 404, false);
    witness.answered("orders", needs, 500, true);
    witness.answered("orders", needs, 503, false);
    witness.told("orders", "db; rung=pool; ms=2000; secret=x");
    witness.failed("orders", needs, Failure.TIMEOUT);
    witness.answered("orders", List.of(), 200, false);
    assertThat(told).hasSize(7);
    assertThat(read().traffic().get(START))
        .containsExactlyInAnyOrder(
            new Recording.Counted(
                new Flow("orders", needs),
                Map.of(Ending.OK, 2, Ending.OWN_ERROR, 1, Ending.UNAVAILABLE, 1, Ending.TIMEOUT, 1),
                "db;rung=pool;ms=2000"),
            new Recording.Counted(new Flow("orders", List.of()), Map.of(Ending.OK, 1), null));
    now = START.plusSeconds(1);
    assertThat(read().traffic()).as("each is counted once").hasSize(1);
  }

  private static TrafficWitness noting(List<String> told) {
    return new TrafficWitness() {
      @Override
      public void answered(String backendId, List<String> needs, int status, boolean marked) {
        told.add("answered");
      }

      @Override
      public void told(String backendId, String value) {
        told.add("told");
      }

      @Override
      public void failed(String backendId, List<String> needs, Failure failure) {
        told.add("failed");
      }
    };
  }

  @Test
  void whatClientsHadInsteadIsCountedWhileABreakerIsOpen() throws IOException {
    String route = Postures.configuration().routes().get(0).id();
    recorder.heard("orders", BackendHealth.connected(START));
    recorder.ended(ended(route, Outcome.STORED_COPY, 200));
    assertThat(read().sums().kept()).as("a cache serves copies on good days too").isZero();
    recorder.changed(Postures.healthy(), Postures.outage());
    recorder.ended(ended(route, Outcome.STORED_COPY, 200));
    recorder.ended(ended(route, Outcome.QUEUED, 202));
    recorder.ended(ended(route, Outcome.REJECTED, 503));
    recorder.ended(ended(route, Outcome.REJECTED, 405));
    recorder.ended(ended(route, Outcome.FORWARDED, 200));
    assertThat(read().sums()).isEqualTo(new Sums(0, 0, 3));
  }

  private static Ended ended(String route, Outcome outcome, int status) {
    return new Ended("1", Origin.UNKNOWN, route, outcome, "GET", "/", status, 1);
  }

  @Test
  void movesOfABreakerAreActsAndTrialsAreNot() throws IOException {
    recorder.heard("orders", BackendHealth.connected(START));
    recorder.breaker(new Move("db", BreakerState.CLOSED, BreakerState.OPEN, "5 failed climbs"));
    recorder.breaker(new Move("db", BreakerState.HALF_OPEN, BreakerState.HALF_OPEN, "a trial"));
    assertThat(read().acts()).containsExactly(new Act(START, Act.Kind.BREAKER, "db", "open"));
  }

  @Test
  void onlyTheTimeThatIsAskedForIsGiven() {
    for (int second = 0; second < 4_000; second++) {
      recorder.climbed(climb("db", START.plusSeconds(second), true), Verdict.warmUp("db", START));
    }
    recorder.write(Postures.configuration());
    byte[] some = recorder.between(START.plusSeconds(100), START.plusSeconds(109));
    assertThat(new String(some, StandardCharsets.UTF_8).lines()).hasSize(1 + 10);
  }

  @Test
  void whatIsTooMuchForASecondIsCounted() throws IOException {
    for (int i = 0; i < 20_007; i++) {
      recorder.heard("orders", BackendHealth.connected(START.plusMillis(i)));
    }
    assertThat(read().lost()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"a":1}                                    | line 1: is not {"recording":1}
          {"recording":2}                            | line 1: is not {"recording":1}
          no json                                    | line 1 is no JSON
          {"recording":1}                            | records no climb
          {"recording":1};{"at":"noon"}              | line 2: at is no moment
          {"recording":1};{"at":"2026-03-01T10:00:00Z","vantage":"moon","climb":{}} | line 2: vantage is not understood: 'moon'
          {"recording":1};{"at":"2026-03-01T10:00:00Z","vantage":"shared","climb":{"target":"db"}} | line 2: climb.samples must be a list
          {"recording":1};{"at":"2026-03-01T10:00:00Z","heard":{"reach":"answered"}} | line 2: backend must be an id
          """)
  void aWrongLineIsNamed(String lines, String complaint) {
    assertThatThrownBy(() -> read(lines.replace(';', '\n')))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(complaint);
  }
}
