package dev.sluice.probes.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the gateway's view of a dependency and the backend's differ. */
class DifferenceTableTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final Needed WELL_HERE =
      new Needed(Verdict.healthy("orders-db", NOW), false, true, 4);
  private static final Passive FAILING = new Passive(0, 5, 0, 0);
  private static final Passive SERVED = new Passive(50, 0, 0, 0);

  private static Verdict backend(boolean shared, Testimony told, PoolFigures pool) {
    List<Complaint> complaints = told == null ? List.of() : List.of(told.complaint());
    Report report =
        new Report(
            told == null, Reach.ANSWERED, "its answers say: " + complaints, complaints, true);
    return BackendClassifier.judge(
        new BackendScene(
            "orders", shared, report, 3, false, pool, FAILING, List.of(WELL_HERE), null, NOW));
  }

  /** Gateway ok, the backend tells what fails for it. */
  @ParameterizedTest
  @CsvSource({
    "dns,,BACKEND_PATH,INFRASTRUCTURE",
    "connect,08001,BACKEND_PATH,INFRASTRUCTURE",
    "tls,,BACKEND_CREDENTIALS,APPLICATION",
    "authentication,28P01,BACKEND_CREDENTIALS,APPLICATION",
    "database,3D000,BACKEND_CREDENTIALS,APPLICATION",
    "query,42P01,SCHEMA,APPLICATION",
    "query,42501,GRANTS,APPLICATION",
    "query,55P03,LOCK_WAIT,APPLICATION",
    "query,57014,SLOW_QUERY,APPLICATION",
    "query,53100,DISK_FULL,INFRASTRUCTURE"
  })
  void wellHereAndFailingThere(String rung, String state, Detail detail, Cause cause) {
    Verdict verdict = backend(false, new Testimony("orders-db", rung, 5003, state), null);
    assertThat(verdict.detail()).isEqualTo(detail);
    assertThat(verdict.cause()).isEqualTo(cause);
    assertThat(verdict.confidence()).isGreaterThanOrEqualTo(.8);
    assertThat(verdict.sentence()).contains("Said by the backend").contains("5,003 ms");
  }

  @Test
  void aBrokenWayIsToldFromBothViews() {
    Verdict verdict = backend(false, new Testimony("orders-db", "connect", 5003, "08001"), null);
    assertThat(verdict.sentence())
        .startsWith("orders-db answers here in 4 ms; from orders it does not. ")
        .contains("The way from the backend to it is broken.");
    assertThat(verdict.remedy()).contains("connector, egress setting and socket proxy");
  }

  @Test
  void anExhaustedPoolIsTheApplicationsByItsFigures() {
    Testimony told = new Testimony("orders-db", "pool", 2000, null);
    Verdict verdict = backend(false, told, new PoolFigures(10, 10, 0, 10, 3));
    assertThat(verdict.detail()).isEqualTo(Detail.POOL_EXHAUSTED);
    assertThat(verdict.cause()).isEqualTo(Cause.APPLICATION);
  }

  @Test
  void aPoolThatWaitsForConnectionsIsThePoolsFromBesideAndTheWaysFromElsewhere() {
    Testimony told = new Testimony("orders-db", "pool", 2000, null);
    PoolFigures stuck = new PoolFigures(10, 4, 0, 10, 3);
    assertThat(backend(true, told, stuck).detail()).isEqualTo(Detail.POOL_STUCK);
    assertThat(backend(false, told, stuck).detail()).isEqualTo(Detail.BACKEND_PATH);
  }

  @Test
  void aConnectionThatIsBeingMadeWhileThePoolGivesNothingIsStuck() {
    Testimony told = new Testimony("orders-db", "pool", 2000, null);
    PoolFigures creating = new PoolFigures(1, 0, 0, 10, 0);
    assertThat(backend(true, told, creating).detail()).isEqualTo(Detail.POOL_STUCK);
    assertThat(backend(false, told, creating).detail()).isEqualTo(Detail.BACKEND_PATH);
  }

  @Test
  void aPoolThatGivesNothingTellsNotWhyUnlessTheWayIsKnownToBeWell() {
    Testimony told = new Testimony("orders-db", "pool", 2000, null);
    Verdict elsewhere = backend(false, told, null);
    assertThat(elsewhere.cause()).isEqualTo(Cause.UNKNOWN);
    assertThat(elsewhere.decidingTest()).contains("pool's own figures");
    assertThat(backend(true, told, null).detail()).isEqualTo(Detail.POOL_EXHAUSTED);
  }

  @Test
  void wellHereAndSilentThereIsUnknown() {
    Report down = new Report(false, Reach.ANSWERED, "503", List.of(), true);
    Verdict verdict =
        BackendClassifier.judge(
            new BackendScene(
                "orders",
                false,
                down,
                3,
                false,
                null,
                Passive.NONE,
                List.of(WELL_HERE),
                null,
                NOW));
    assertThat(verdict.cause()).isEqualTo(Cause.UNKNOWN);
    assertThat(verdict.confidence()).isEqualTo(.5);
    assertThat(verdict.decidingTest()).contains("An agent beside it, or its health body");
  }

  private static Verdict dependency(Report report, Passive passive, Vantage vantage) {
    Sample failed =
        Sample.bad("orders-db", Rung.TCP, vantage, 1200, Signal.TIMEOUT, "no answer in 1200 ms");
    Climb climb = new Climb("orders-db", NOW, vantage, List.of(failed));
    Peer peer =
        new Peer(
            "host",
            "vpc",
            new Climb("host", NOW, vantage, List.of(Sample.good("host", Rung.TCP, vantage, 2))));
    return Classifier.judge(
        new Scene(
            "orders-db",
            List.of(climb, climb, climb),
            "vpc",
            List.of(),
            List.of(peer),
            report,
            passive,
            null,
            true,
            null,
            NOW));
  }

  private static final Report WELL_THERE =
      new Report(true, Reach.ANSWERED, "200 OK", List.of(), true);
  private static final Report SAME_THERE =
      new Report(
          false,
          Reach.ANSWERED,
          "503",
          List.of(new Testimony("orders-db", "connect", 5003, "08001").complaint()),
          true);

  @Test
  void failingHereAndServedThereIsTheGatewaysOwnView() {
    Verdict verdict = dependency(WELL_THERE, SERVED, Vantage.GATEWAY);
    assertThat(verdict.detail()).isEqualTo(Detail.GATEWAY_VIEW);
    assertThat(verdict.cause()).isEqualTo(Cause.NONE);
    assertThat(verdict.owner()).isEqualTo("gateway");
  }

  @Test
  void failingHereAndTheSameThereIsSure() {
    Verdict verdict = dependency(SAME_THERE, FAILING, Vantage.GATEWAY);
    assertThat(verdict.cause()).isEqualTo(Cause.INFRASTRUCTURE);
    assertThat(verdict.confidence()).isEqualTo(.95);
  }

  @Test
  void failingHereWithFailingTrafficIsCapped() {
    Verdict verdict = dependency(null, FAILING, Vantage.GATEWAY);
    assertThat(verdict.cause()).isEqualTo(Cause.INFRASTRUCTURE);
    assertThat(verdict.confidence()).isEqualTo(.8);
  }

  @Test
  void failingHereWithoutTrafficIsUnknownUnlessTheNetworkIsShared() {
    Verdict apart = dependency(null, Passive.NONE, Vantage.GATEWAY);
    assertThat(apart.cause()).isEqualTo(Cause.UNKNOWN);
    assertThat(apart.confidence()).isEqualTo(.5);
    assertThat(dependency(null, Passive.NONE, Vantage.SHARED).cause())
        .isEqualTo(Cause.INFRASTRUCTURE);
  }

  private static Verdict silentBackend(Revision revision, Passive spared, Verdict previous) {
    Report report = new Report(false, Reach.ANSWERED, "500 Oops", List.of(), true);
    return BackendClassifier.judge(
        new BackendScene(
            "orders",
            false,
            report,
            3,
            false,
            null,
            new Passive(0, 0, 5, 0),
            List.of(WELL_HERE),
            previous,
            NOW,
            revision,
            spared));
  }

  @Test
  void aFaultThatBeganWithANewRevisionIsTheApplications() {
    Revision revision = new Revision("v41", "v42", NOW.minusSeconds(40));
    Verdict verdict = silentBackend(revision, Passive.NONE, null);
    assertThat(verdict.cause()).isEqualTo(Cause.APPLICATION);
    assertThat(verdict.detail()).isEqualTo(Detail.APP_ERROR);
    assertThat(verdict.sentence()).contains("It began 40 s after revision v42 replaced v41.");
  }

  @Test
  void aRevisionThatIsOlderOrYoungerThanTheFaultSaysNothing() {
    Revision old = new Revision("v41", "v42", NOW.minusSeconds(31 * 60));
    assertThat(silentBackend(old, Passive.NONE, null).cause()).isEqualTo(Cause.UNKNOWN);
    Verdict before = silentBackend(null, Passive.NONE, null).since(NOW.minusSeconds(60));
    Revision later = new Revision("v41", "v42", NOW.minusSeconds(5));
    Verdict failing =
        new Verdict(
            "orders",
            Cause.UNKNOWN,
            before.detail(),
            .5,
            List.of(),
            "",
            "",
            "development",
            NOW.minusSeconds(60),
            null);
    assertThat(silentBackend(later, Passive.NONE, failing).cause()).isEqualTo(Cause.UNKNOWN);
  }

  @Test
  void onlyRequestsThatNeedTheDatabaseFail() {
    Verdict verdict = silentBackend(null, new Passive(30, 0, 0, 0), null);
    assertThat(verdict.cause()).isEqualTo(Cause.UNKNOWN);
    assertThat(verdict.detail()).isEqualTo(Detail.APP_SILENT);
    assertThat(verdict.sentence())
        .startsWith("Only requests that need orders-db fail; others are answered.");
    assertThat(silentBackend(null, new Passive(30, 0, 2, 0), null).sentence())
        .doesNotContain("Only requests");
  }
}
