package dev.sluice.probes.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackendClassifierTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Verdict WELL = Verdict.healthy("db", NOW);
  private static final Report UP = new Report(true, true, "200 OK", true);
  private static final Report GONE = new Report(false, false, "Connection refused", true);

  @Test
  void aBackendThatIsGoneWhileTheDatabaseAnswersIsDown() {
    Verdict verdict = judge(true, GONE, null, Passive.NONE, WELL);
    assertThat(verdict.detail()).isEqualTo(Detail.APP_DOWN);
    assertThat(verdict.cause()).isEqualTo(Cause.APPLICATION);
  }

  @Test
  void fromAfarItMayBeThePlatform() {
    Verdict verdict = judge(false, GONE, null, Passive.NONE, WELL);
    assertThat(verdict.detail()).isEqualTo(Detail.PLATFORM_OR_APP);
    assertThat(verdict.decidingTest()).isNotNull();
  }

  @Test
  void markedErrorsAreTheApplications() {
    assertThat(judge(true, UP, null, new Passive(2, 4, 0, 0), WELL).detail())
        .isEqualTo(Detail.APP_ERROR);
    assertThat(judge(true, UP, null, new Passive(2, 0, 4, 0), WELL).detail())
        .isEqualTo(Detail.PLATFORM_OR_APP);
    assertThat(judge(true, UP, null, new Passive(100, 3, 0, 0), WELL).detail())
        .isEqualTo(Detail.HEALTHY);
  }

  @Test
  void whatItComplainsOfIsReadByStage() {
    assertThat(said("connect timed out")).isEqualTo(Detail.BACKEND_PATH);
    assertThat(said("password authentication failed")).isEqualTo(Detail.BACKEND_CREDENTIALS);
    assertThat(said("Connection acquisition timed out")).isEqualTo(Detail.POOL_EXHAUSTED);
    assertThat(said("relation \"x\" does not exist")).isEqualTo(Detail.SCHEMA);
    assertThat(said("DOWN")).isEqualTo(Detail.APP_SILENT);
  }

  @Test
  void poolFiguresTellExhaustedFromStuck() {
    Report down = new Report(false, true, "503", true);
    PoolFigures stuck = PoolFigures.in(pool(10, 4, 0, 10, 3));
    PoolFigures exhausted = PoolFigures.in(pool(10, 10, 0, 10, 3));
    assertThat(judge(true, down, stuck, Passive.NONE, WELL).detail()).isEqualTo(Detail.POOL_STUCK);
    assertThat(judge(true, down, exhausted, Passive.NONE, WELL).detail())
        .isEqualTo(Detail.POOL_EXHAUSTED);
    assertThat(PoolFigures.in("{}")).isNull();
  }

  @Test
  void aFaultOfADependencyExplainsIt() {
    Sample failed = Sample.bad("db", Rung.TCP, Vantage.SHARED, 5, Signal.REFUSED, "refused");
    Verdict refused =
        new Verdict(
            "db",
            Cause.INFRASTRUCTURE,
            Detail.SERVER_REFUSING,
            .8,
            List.of(new Evidence("x", failed)),
            "s",
            "r",
            "infrastructure",
            NOW,
            null);
    Verdict verdict =
        judge(true, new Report(false, true, "503 DOWN", true), null, Passive.NONE, refused);
    assertThat(verdict.subject()).isEqualTo("orders");
    assertThat(verdict.detail()).isEqualTo(Detail.SERVER_REFUSING);
    assertThat(judge(true, UP, null, Passive.NONE, refused).detail()).isEqualTo(Detail.HEALTHY);
    assertThat(judge(true, GONE, null, Passive.NONE, refused).detail()).isEqualTo(Detail.APP_DOWN);
  }

  private static String pool(int allocated, int acquired, int idle, int max, int pending) {
    return "{\"allocated\":%d,\"acquired\":%d,\"idle\":%d,\"max\":%d,\"pending\":%d}"
        .formatted(allocated, acquired, idle, max, pending);
  }

  private static Detail said(String text) {
    return judge(true, new Report(false, true, text, true), null, Passive.NONE, WELL).detail();
  }

  private static Verdict judge(
      boolean shared, Report report, PoolFigures pool, Passive passive, Verdict dependency) {
    return BackendClassifier.judge(
        new BackendScene("orders", shared, report, pool, passive, List.of(dependency), null, NOW));
  }
}
