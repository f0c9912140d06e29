package dev.sluice.probes.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Network;
import dev.sluice.config.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassifierTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Place PLACE = new Place("x.yaml", 1, 1);
  private static final List<Network> NETWORKS =
      List.of(
          new Network("vpc", Network.Kind.VPC_CONNECTOR, null, PLACE),
          new Network("psa", Network.Kind.PRIVATE_SERVICE_ACCESS, "vpc", PLACE),
          new Network("internet", Network.Kind.EGRESS, null, PLACE));
  private static final List<Peer> WELL = peers(true, true, true);

  private record Case(
      String name,
      Rung rung,
      String signal,
      String state,
      List<Peer> peers,
      Detail detail,
      double confidence) {}

  private static Case seen(
      String name,
      Rung rung,
      String signal,
      String state,
      List<Peer> peers,
      Detail detail,
      double confidence) {
    return new Case(name, rung, signal, state, peers, detail, confidence);
  }

  private static final List<Case> CASES =
      List.of(
          seen("2", Rung.TCP, "timeout", null, peers(false, false, false), Detail.EGRESS, .98),
          seen("3", Rung.TCP, "timeout", null, peers(true, false, false), Detail.VPC_PATH, .98),
          seen("3 dns", Rung.DNS, "timeout", null, peers(true, false, false), Detail.VPC_PATH, .98),
          seen(
              "4", Rung.TCP, "timeout", null, peers(true, true, false), Detail.SERVICE_ACCESS, .98),
          seen("5", Rung.TCP, "timeout", null, WELL, Detail.INSTANCE_UNREACHABLE, .96),
          seen("5 tier", Rung.TCP, "silent", null, WELL, Detail.INSTANCE_UNREACHABLE, .96),
          seen("5 bare", Rung.TCP, "timeout", null, List.of(), Detail.INSTANCE_UNREACHABLE, .6),
          seen("5 route", Rung.TCP, "no-route", null, List.of(), Detail.VPC_PATH, .6),
          seen("5 vouched", Rung.TCP, "no-route", null, WELL, Detail.INSTANCE_UNREACHABLE, .96),
          seen("6", Rung.TCP, "refused", null, WELL, Detail.SERVER_REFUSING, .97),
          seen("7", Rung.DNS, "server-failure", null, WELL, Detail.DNS_FAILURE, .98),
          seen("7 name", Rung.DNS, "no-such-name", null, WELL, Detail.DNS_NO_SUCH_NAME, .98),
          seen("8 eof", Rung.STARTUP, "eof", null, WELL, Detail.SILENT_SERVER, .97),
          seen("8 silent", Rung.STARTUP, "silent", null, WELL, Detail.SILENT_SERVER, .97),
          seen("8 reset", Rung.TLS, "reset", null, WELL, Detail.SILENT_SERVER, .97),
          seen("8 login", Rung.AUTHENTICATION, "eof", null, WELL, Detail.SILENT_SERVER, .97),
          seen("8 connect", Rung.TCP, "reset", null, WELL, Detail.SILENT_SERVER, .97),
          seen("9", Rung.STARTUP, null, "57P03", WELL, Detail.RESTARTING, .98),
          seen("9 ended", Rung.SELECT_ONE, null, "57P01", WELL, Detail.RESTARTING, .98),
          seen("10", Rung.STARTUP, null, "53300", WELL, Detail.CAPACITY, .5),
          seen("disk", Rung.FULL_QUERY, null, "53100", WELL, Detail.DISK_FULL, .98),
          seen("memory", Rung.SELECT_ONE, null, "53200", WELL, Detail.OUT_OF_MEMORY, .98),
          seen("capacity", Rung.SELECT_ONE, null, "53400", WELL, Detail.CAPACITY, .5),
          seen("11", Rung.TLS, "certificate", null, WELL, Detail.TLS, .98),
          seen("11 N", Rung.TLS, "no-tls", null, WELL, Detail.TLS, .98),
          seen("12", Rung.AUTHENTICATION, null, "28P01", WELL, Detail.CREDENTIALS, .98),
          seen("12 hba", Rung.AUTHENTICATION, null, "28000", WELL, Detail.ACCESS_RULE, .98),
          seen("12 db", Rung.AUTHENTICATION, null, "3D000", WELL, Detail.MISSING_DATABASE, .98),
          seen("pooler", Rung.STARTUP, null, "08P01", WELL, Detail.POOLER, .8),
          seen("13", Rung.RECOVERY, "read-only", null, WELL, Detail.READ_ONLY_NODE, .95),
          seen("14", Rung.FULL_QUERY, null, "42P01", WELL, Detail.SCHEMA, .98),
          seen("14 grants", Rung.FULL_QUERY, null, "42501", WELL, Detail.GRANTS, .98),
          seen("15 login", Rung.AUTHENTICATION, "silent", null, WELL, Detail.SATURATED, .95),
          seen("15", Rung.SELECT_ONE, "slow", null, WELL, Detail.SATURATED, .95),
          seen("16", Rung.FULL_QUERY, "slow", null, WELL, Detail.SLOW_QUERY, .98),
          seen("16 server", Rung.FULL_QUERY, null, "57014", WELL, Detail.SLOW_QUERY, .98),
          seen("lock", Rung.FULL_QUERY, null, "55P03", WELL, Detail.LOCK_WAIT, .98),
          seen("partial", Rung.TCP, "partial", null, WELL, Detail.PARTIAL_ADDRESSES, .97));

  @TestFactory
  Stream<DynamicTest> everyRow() {
    return CASES.stream().map(c -> DynamicTest.dynamicTest("row " + c.name, () -> check(c)));
  }

  private static void check(Case c) {
    Climb climb = climb(Vantage.SHARED, c.rung, c.signal, c.state, false);
    Verdict verdict = Classifier.judge(scene(climb, 3, c.peers, null, Passive.NONE, true));
    assertThat(verdict.detail()).isEqualTo(c.detail);
    assertThat(verdict.cause()).isEqualTo(c.detail.cause());
    assertThat(verdict.confidence()).isEqualTo(c.confidence);
    assertThat(verdict.sentence()).contains("Seen beside the backend");
    assertThat(verdict.remedy()).isNotBlank();
    assertThat(verdict.owner()).isIn("infrastructure", "development");
    assertThat(verdict.evidence()).hasSize(1 + c.peers.size());
  }

  @Test
  void everyRowOfTheTableIsMetByACase() {
    List<String> details = CASES.stream().map(c -> c.detail.label()).toList();
    assertThat(DecisionTable.ROWS.stream().map(r -> r.detail().label()).distinct())
        .allMatch(d -> details.contains(d) || d.startsWith("connections-exhausted"));
  }

  @Test
  void aStateMadeUpByTheDriverIsNoGround() {
    Climb climb = climb(Vantage.SHARED, Rung.TCP, "refused", "28P01", true);
    assertThat(judged(climb).detail()).isEqualTo(Detail.SERVER_REFUSING);
  }

  @ParameterizedTest
  @CsvSource({
    "60,5,20,CONNECTIONS_EXHAUSTED_BY_APP,APPLICATION,.98",
    "20,5,60,CONNECTIONS_EXHAUSTED,INFRASTRUCTURE,.98",
    "10,60,10,CAPACITY,UNKNOWN,.5",
    "40,20,35,CAPACITY,UNKNOWN,.5",
    "20,0,0,CAPACITY,UNKNOWN,.5"
  })
  void whoHoldsMostConnectionsIsToBlameForTheLack(
      int application, int probes, int others, Detail detail, Cause cause, double confidence) {
    Climb climb = climb(Vantage.SHARED, Rung.STARTUP, null, "53300", false);
    Scene scene =
        new Scene(
            "db",
            Collections.nCopies(3, climb),
            "psa",
            NETWORKS,
            WELL,
            null,
            Passive.NONE,
            new Sessions(97, application, probes, others, "app/orders"),
            true,
            null,
            NOW);
    Verdict verdict = Classifier.judge(scene);
    assertThat(verdict.detail()).isEqualTo(detail);
    assertThat(verdict.cause()).isEqualTo(cause);
    assertThat(verdict.confidence()).isEqualTo(confidence);
    assertThat(verdict.evidence()).anyMatch(e -> e.text().contains("most by app/orders"));
  }

  @ParameterizedTest
  @CsvSource({
    "'too many connections for role \"probe\"',CAPACITY",
    "'remaining connection slots are reserved for roles with the SUPERUSER attribute',CONNECTIONS_EXHAUSTED_BY_APP",
    "'sorry, too many clients already',CONNECTIONS_EXHAUSTED_BY_APP"
  })
  void theLimitOfTheProbesOwnRoleBlamesNobody(String message, Detail detail) {
    Sample sample =
        new Sample(
            "db",
            Rung.AUTHENTICATION,
            Vantage.SHARED,
            false,
            3,
            null,
            List.of(),
            "53300",
            false,
            message,
            null);
    Climb climb = new Climb("db", NOW, Vantage.SHARED, List.of(sample));
    Sessions sessions = new Sessions(97, 60, 2, 5, "app/orders");
    Scene scene =
        new Scene(
            "db",
            Collections.nCopies(3, climb),
            "psa",
            NETWORKS,
            WELL,
            null,
            Passive.NONE,
            sessions,
            true,
            null,
            NOW);
    assertThat(Classifier.judge(scene).detail()).isEqualTo(detail);
  }

  @Test
  void aLackOfConnectionsOfUnknownMakeNamesTheTestThatDecides() {
    Verdict verdict = judged(climb(Vantage.SHARED, Rung.STARTUP, null, "53300", false));
    assertThat(verdict.cause()).isEqualTo(Cause.UNKNOWN);
    assertThat(verdict.decidingTest()).contains("pg_stat_activity");
  }

  @Test
  void fewSamplesCapTheConfidence() {
    Climb climb = climb(Vantage.SHARED, Rung.AUTHENTICATION, null, "28P01", false);
    assertThat(Classifier.judge(scene(climb, 1, WELL, null, Passive.NONE, true)).confidence())
        .isEqualTo(.7);
    assertThat(Classifier.judge(scene(climb, 2, WELL, null, Passive.NONE, true)).confidence())
        .isEqualTo(.85);
  }

  @Test
  void whatNeverWorkedWarmsUpUntilThreeAgree() {
    Climb climb = climb(Vantage.SHARED, Rung.TCP, "refused", null, false);
    Verdict two = Classifier.judge(scene(climb, 2, WELL, null, Passive.NONE, false));
    Verdict three = Classifier.judge(scene(climb, 3, WELL, null, Passive.NONE, false));
    assertThat(two.detail()).isEqualTo(Detail.WARM_UP);
    assertThat(three.detail()).isEqualTo(Detail.SERVER_REFUSING);
    assertThat(three.sentence()).contains("port may be wrong");
  }

  @Test
  void aFrozenProcessKeepsItsLastVerdict() {
    Climb frozen = climb(Vantage.SHARED, Rung.SELF, "frozen", null, false);
    Verdict before = Verdict.healthy("db", NOW.minusSeconds(60));
    Scene scene =
        new Scene(
            "db",
            List.of(frozen),
            null,
            NETWORKS,
            WELL,
            null,
            Passive.NONE,
            null,
            true,
            before,
            NOW);
    assertThat(Classifier.judge(scene)).isEqualTo(before);
  }

  @Test
  void theGatewaysOwnViewBlamesNobodyWhileRequestsSucceed() {
    Climb climb = climb(Vantage.GATEWAY, Rung.TCP, "timeout", null, false);
    Passive served = new Passive(10, 0, 0, 0);
    Verdict verdict = Classifier.judge(scene(climb, 3, WELL, null, served, true));
    assertThat(verdict.detail()).isEqualTo(Detail.GATEWAY_VIEW);
    assertThat(verdict.owner()).isEqualTo("gateway");
  }

  @Test
  void fromTheGatewayAloneNothingIsCertain() {
    Climb climb = climb(Vantage.GATEWAY, Rung.TCP, "timeout", null, false);
    Verdict verdict = Classifier.judge(scene(climb, 3, WELL, null, Passive.NONE, true));
    assertThat(verdict.cause()).isEqualTo(Cause.UNKNOWN);
    assertThat(verdict.confidence()).isEqualTo(.5);
    assertThat(verdict.decidingTest()).isNotBlank();
  }

  @Test
  void failingTrafficSupportsTheGatewaysView() {
    Climb climb = climb(Vantage.GATEWAY, Rung.AUTHENTICATION, null, "28P01", false);
    Passive failing = new Passive(0, 0, 4, 0);
    Verdict verdict = Classifier.judge(scene(climb, 3, WELL, null, failing, true));
    assertThat(verdict.cause()).isEqualTo(Cause.INFRASTRUCTURE);
    assertThat(verdict.confidence()).isEqualTo(.8);
  }

  @Test
  void aBackendThatSaysTheSameMakesItSure() {
    Climb climb = climb(Vantage.GATEWAY, Rung.TCP, "timeout", null, false);
    Report report =
        new Report(
            false,
            Reach.ANSWERED,
            "503",
            List.of(new Complaint("db", "Connect timed out", true)),
            true);
    Verdict verdict = Classifier.judge(scene(climb, 3, WELL, report, Passive.NONE, true));
    assertThat(verdict.cause()).isEqualTo(Cause.INFRASTRUCTURE);
    assertThat(verdict.confidence()).isEqualTo(.95);
  }

  @Test
  void theGatewayAloneNeverBlamesTheApplication() {
    Climb climb = climb(Vantage.GATEWAY, Rung.FULL_QUERY, null, "42P01", false);
    Passive failing = new Passive(0, 9, 0, 0);
    Verdict verdict = Classifier.judge(scene(climb, 3, WELL, null, failing, true));
    assertThat(verdict.cause()).isEqualTo(Cause.UNKNOWN);
    assertThat(verdict.detail()).isEqualTo(Detail.SCHEMA);
  }

  @Test
  void aVerdictKeepsTheTimeItWasFirstSaid() {
    Climb climb = climb(Vantage.SHARED, Rung.TCP, "refused", null, false);
    Verdict first = judged(climb).since(NOW.minusSeconds(30));
    Scene scene =
        new Scene(
            "db", List.of(climb), null, NETWORKS, WELL, null, Passive.NONE, null, true, first, NOW);
    assertThat(Classifier.judge(scene).since()).isEqualTo(NOW.minusSeconds(30));
  }

  private static Verdict judged(Climb climb) {
    return Classifier.judge(scene(climb, 3, WELL, null, Passive.NONE, true));
  }

  private static Scene scene(
      Climb climb, int times, List<Peer> peers, Report report, Passive passive, boolean proven) {
    return new Scene(
        "db",
        Collections.nCopies(times, climb),
        "psa",
        NETWORKS,
        peers,
        report,
        passive,
        null,
        proven,
        null,
        NOW);
  }

  private static Climb climb(
      Vantage vantage, Rung rung, String signal, String state, boolean synthetic) {
    Sample sample =
        new Sample(
            "db",
            rung,
            vantage,
            false,
            1_204,
            "SomeException",
            List.of(),
            state,
            synthetic,
            null,
            signal);
    return new Climb("db", NOW, vantage, List.of(sample));
  }

  private static List<Peer> peers(boolean internet, boolean vpc, boolean psa) {
    List<Peer> peers = new ArrayList<>();
    peers.add(peer("google", "internet", internet));
    peers.add(peer("host", "vpc", vpc));
    peers.add(peer("redis", "psa", psa));
    return peers;
  }

  private static Peer peer(String id, String network, boolean ok) {
    Sample sample =
        ok
            ? Sample.good(id, Rung.TCP, Vantage.GATEWAY, 3)
            : Sample.bad(id, Rung.TCP, Vantage.GATEWAY, 1_200, Signal.TIMEOUT, "timed out");
    return new Peer(id, network, new Climb(id, NOW, Vantage.GATEWAY, List.of(sample)));
  }
}
