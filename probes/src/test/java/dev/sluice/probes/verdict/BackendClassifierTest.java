package dev.sluice.probes.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BackendClassifierTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Needed WELL = new Needed(Verdict.healthy("db", NOW), false, true, 4);
  private static final Needed UNSEEN = new Needed(Verdict.healthy("db", NOW), false, false, -1);
  private static final Needed REFUSING = at(Cause.INFRASTRUCTURE, Detail.SERVER_REFUSING, .8, true);
  private static final Needed DOUBTED = at(Cause.UNKNOWN, Detail.SERVER_REFUSING, .5, true);
  private static final Report UP = new Report(true, Reach.ANSWERED, "200 OK", List.of(), true);
  private static final Report GONE = failing(Reach.REFUSED, "Connection refused");
  private static final Report MUTE = failing(Reach.SILENT, "no answer within 2000 ms");
  private static final Report DOWN = failing(Reach.ANSWERED, "503");

  @Test
  void aBackendThatIsGoneWhileTheDatabaseAnswersIsDown() {
    Verdict verdict = judge(scene(GONE, 3, WELL));
    assertThat(verdict.detail()).isEqualTo(Detail.APP_DOWN);
    assertThat(verdict.cause()).isEqualTo(Cause.APPLICATION);
    assertThat(verdict.confidence()).isEqualTo(.97);
  }

  @ParameterizedTest
  @CsvSource({"1,.7", "2,.85", "3,.97"})
  void fewAnswersCapTheConfidence(int agreeing, double confidence) {
    assertThat(judge(scene(GONE, agreeing, WELL)).confidence()).isEqualTo(confidence);
  }

  @Test
  void fromAfarItMayBeThePlatform() {
    Verdict verdict = judge(scene(false, GONE, 3, null, Passive.NONE, WELL));
    assertThat(verdict.detail()).isEqualTo(Detail.PLATFORM_OR_APP);
    assertThat(verdict.decidingTest()).isNotNull();
  }

  @Test
  void goneInAnOutageItIsDownAndTheOutageIsNamed() {
    Verdict verdict = judge(scene(GONE, 3, REFUSING));
    assertThat(verdict.detail()).isEqualTo(Detail.APP_DOWN);
    assertThat(verdict.confidence()).isEqualTo(.6);
    assertThat(verdict.decidingTest()).contains("db fails too");
  }

  /** The application ended because it could not do without it, and its last lines say so. */
  @Test
  void whatEndedOverItsDependencyIsTheDependencysFault() {
    Report ended =
        new Report(
            false,
            Reach.REFUSED,
            "its process ended with 1 after 0.9 s; it said: Connection refused: db:5432",
            List.of(new Complaint("its process", "Connection refused: db:5432", true)),
            true);
    Verdict verdict = judge(scene(ended, 3, REFUSING));
    assertThat(verdict.cause()).isEqualTo(Cause.INFRASTRUCTURE);
    assertThat(verdict.detail()).isEqualTo(Detail.SERVER_REFUSING);
    assertThat(verdict.evidence())
        .extracting(Evidence::text)
        .anyMatch(text -> text.contains("its process ended with 1"));
    Verdict doubted = judge(scene(ended, 3, DOUBTED));
    assertThat(doubted.cause()).as("not judged yet").isEqualTo(Cause.UNKNOWN);
    Verdict own = judge(scene(ended, 3, WELL));
    assertThat(own.cause()).as("its own way").isEqualTo(Cause.APPLICATION);
    assertThat(own.sentence()).contains("its process ended with 1");
  }

  @Test
  void silenceInAnOutageIsTheOutages() {
    Verdict verdict = judge(scene(MUTE, 30, REFUSING));
    assertThat(verdict.cause()).isEqualTo(Cause.INFRASTRUCTURE);
    assertThat(verdict.detail()).isEqualTo(Detail.SERVER_REFUSING);
    assertThat(verdict.sentence()).startsWith("orders needs db. ");
  }

  @Test
  void silenceTakesOverEvenWhatNobodyIsBlamedFor() {
    Verdict verdict = judge(scene(MUTE, 30, DOUBTED));
    assertThat(verdict.cause()).isEqualTo(Cause.UNKNOWN);
    assertThat(verdict.detail()).isEqualTo(Detail.SERVER_REFUSING);
    assertThat(scene(MUTE, 30, DOUBTED).undecided()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"1,APP_SILENT,UNKNOWN", "2,APP_SILENT,UNKNOWN", "3,APP_DOWN,APPLICATION"})
  void silenceBlamesTheApplicationOnlyAtTheThirdTime(int agreeing, Detail detail, Cause cause) {
    Verdict verdict = judge(scene(MUTE, agreeing, WELL));
    assertThat(verdict.detail()).isEqualTo(detail);
    assertThat(verdict.cause()).isEqualTo(cause);
    assertThat(scene(MUTE, agreeing, WELL).undecided()).isEqualTo(cause == Cause.UNKNOWN);
  }

  @Test
  void silenceFromAfarBlamesNobody() {
    Verdict verdict = judge(scene(false, MUTE, 3, null, Passive.NONE, WELL));
    assertThat(verdict.cause()).isEqualTo(Cause.UNKNOWN);
    assertThat(verdict.detail()).isEqualTo(Detail.APP_SILENT);
  }

  @Test
  void nothingIsDecidedBeforeTheDependenciesWereLookedAt() {
    assertThat(scene(DOWN, 1, UNSEEN).undecided()).isTrue();
    assertThat(judge(scene(DOWN, 1, UNSEEN)).cause()).isEqualTo(Cause.UNKNOWN);
    assertThat(scene(DOWN, 10, UNSEEN).undecided()).as("for ever").isFalse();
    assertThat(scene(DOWN, 1, WELL).undecided()).isFalse();
    assertThat(scene(GONE, 1, UNSEEN).undecided()).as("gone").isFalse();
    assertThat(scene(UP, 0, UNSEEN).undecided()).as("well").isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = Reach.class,
      names = {"ANSWERED", "SILENT"})
  void afterAnOutageTheBackendHasTimeToFollow(Reach reach) {
    for (int agreeing = 0; agreeing < 4; agreeing++) {
      BackendScene scene =
          new BackendScene(
              "orders",
              true,
              failing(reach, "still failing"),
              agreeing,
              true,
              null,
              Passive.NONE,
              List.of(WELL),
              null,
              NOW);
      assertThat(scene.undecided()).as("after %d", agreeing).isEqualTo(agreeing < 3);
    }
  }

  @Test
  void markedErrorsAreTheApplications() {
    assertThat(traffic(new Passive(2, 4, 0, 0))).isEqualTo(Detail.APP_ERROR);
    assertThat(traffic(new Passive(2, 0, 4, 0))).isEqualTo(Detail.PLATFORM_OR_APP);
    assertThat(traffic(new Passive(100, 3, 0, 0))).isEqualTo(Detail.HEALTHY);
  }

  /** Its own errors carry its marker; its health says that a dependency is their reason. */
  @Test
  void markedErrorsBesideAComplaintThatIsNotUnderstoodBlameNobody() {
    Verdict verdict =
        judge(scene(true, complaining("all is lost"), 3, null, new Passive(2, 4, 0, 0), WELL));
    assertThat(verdict.cause()).isEqualTo(Cause.UNKNOWN);
    assertThat(verdict.detail()).isEqualTo(Detail.APP_SILENT);
  }

  @Test
  void whatItComplainsOfIsReadByStage() {
    assertThat(said("connect timed out")).isEqualTo(Detail.BACKEND_PATH);
    assertThat(said("password authentication failed")).isEqualTo(Detail.BACKEND_CREDENTIALS);
    assertThat(said("Connection acquisition timed out")).isEqualTo(Detail.POOL_EXHAUSTED);
    assertThat(said("relation \"x\" does not exist")).isEqualTo(Detail.SCHEMA);
    assertThat(said("FATAL: sorry, too many clients already")).isEqualTo(Detail.CAPACITY);
    assertThat(said("DOWN")).isEqualTo(Detail.APP_SILENT);
  }

  @Test
  void aComplaintOfSomethingElseIsNoWordOnTheDatabase() {
    Complaint mail = new Complaint("mail", "535 authentication failed", false);
    Report report = new Report(false, Reach.ANSWERED, "503; " + mail, List.of(mail), true);
    Verdict verdict = judge(scene(report, 3, WELL));
    assertThat(verdict.cause()).isEqualTo(Cause.UNKNOWN);
    assertThat(verdict.detail()).isEqualTo(Detail.PLATFORM_OR_APP);
    assertThat(verdict.sentence()).contains("mail: 535 authentication failed");
  }

  @Test
  void poolFiguresTellExhaustedFromStuck() {
    PoolFigures stuck = new PoolFigures(10, 4, 0, 10, 3);
    PoolFigures exhausted = new PoolFigures(10, 10, 0, 10, 3);
    assertThat(judge(scene(true, DOWN, 3, stuck, Passive.NONE, WELL)).detail())
        .isEqualTo(Detail.POOL_STUCK);
    assertThat(judge(scene(true, DOWN, 3, exhausted, Passive.NONE, WELL)).detail())
        .isEqualTo(Detail.POOL_EXHAUSTED);
  }

  @Test
  void aFaultOfADependencyExplainsIt() {
    Verdict verdict = judge(scene(DOWN, 3, REFUSING));
    assertThat(verdict.subject()).isEqualTo("orders");
    assertThat(verdict.detail()).isEqualTo(Detail.SERVER_REFUSING);
    assertThat(judge(scene(UP, 0, REFUSING)).detail()).isEqualTo(Detail.HEALTHY);
  }

  private static Needed at(Cause cause, Detail detail, double confidence, boolean looked) {
    Sample failed = Sample.bad("db", Rung.TCP, Vantage.SHARED, 5, Signal.REFUSED, "refused");
    Verdict verdict =
        new Verdict(
            "db",
            cause,
            detail,
            confidence,
            List.of(new Evidence("x", failed)),
            "s",
            "r",
            "infrastructure",
            NOW,
            null);
    return new Needed(verdict, true, looked, -1);
  }

  private static Report failing(Reach reach, String text) {
    return new Report(false, reach, text, List.of(), true);
  }

  private static Report complaining(String text) {
    Complaint db = new Complaint("db", text, true);
    return new Report(false, Reach.ANSWERED, "503", List.of(db), true);
  }

  private static Detail said(String text) {
    return judge(scene(complaining(text), 3, WELL)).detail();
  }

  private static Detail traffic(Passive passive) {
    return judge(scene(true, UP, 0, null, passive, WELL)).detail();
  }

  private static BackendScene scene(Report report, int agreeing, Needed dependency) {
    return scene(true, report, agreeing, null, Passive.NONE, dependency);
  }

  private static BackendScene scene(
      boolean shared,
      Report report,
      int agreeing,
      PoolFigures pool,
      Passive passive,
      Needed dependency) {
    return new BackendScene(
        "orders", shared, report, agreeing, false, pool, passive, List.of(dependency), null, NOW);
  }

  private static Verdict judge(BackendScene scene) {
    return BackendClassifier.judge(scene);
  }
}
