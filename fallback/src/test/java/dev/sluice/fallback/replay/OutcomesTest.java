package dev.sluice.fallback.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Writes;
import dev.sluice.fallback.queue.Completion;
import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.replay.ReplayOutcome.Ambiguous;
import dev.sluice.fallback.replay.ReplayOutcome.NotSent;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomesTest {
  private static final Pace PACE = Pace.DEFAULT;

  private static Next next(NewWrite request, int attempts, ReplayOutcome outcome, Writes options) {
    return Outcomes.next(
        Sent.claimed(request, attempts, false),
        outcome,
        options,
        PACE,
        Sent.START,
        new Random(attempts));
  }

  private static WriteState end(Next next) {
    return next instanceof Next.End end ? end.completion().state() : null;
  }

  @ParameterizedTest
  @CsvSource({
    "200, SUCCEEDED",
    "201, SUCCEEDED",
    "204, SUCCEEDED",
    "303, SUCCEEDED",
    "302, FAILED",
    "307, FAILED",
    "400, FAILED",
    "401, FAILED",
    "404, FAILED",
    "409, FAILED",
    "412, FAILED",
    "422, FAILED",
    "499, FAILED"
  })
  void anAnswerThatSettlesItEndsTheWrite(int status, WriteState state) {
    Next.End end = (Next.End) next(Sent.put("/a"), 1, Sent.answer(status), Sent.PLAIN);

    assertThat(end.completion().state()).isEqualTo(state);
    assertThat(end.completion().answer().status()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 501, 502, 503, 504, 599})
  void anAnswerThatMayChangeIsWaitedFor(int status) {
    assertThat(next(Sent.put("/a"), 1, Sent.answer(status), Sent.PLAIN))
        .isInstanceOf(Next.Retry.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 503})
  void aPostIsSentAgainAfterAnAnswerThatSaysNotDone(int status) {
    assertThat(next(Sent.post(null), 1, Sent.answer(status), Sent.PLAIN))
        .isInstanceOf(Next.Retry.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {502, 504})
  void aPostThatAGatewayLostIsAmbiguousAndKeepsTheAnswer(int status) {
    Next.End end = (Next.End) next(Sent.post("k"), 1, Sent.answer(status), Sent.PLAIN);

    assertThat(end.completion().state()).isEqualTo(WriteState.AMBIGUOUS);
    assertThat(end.completion().answer().status()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, , false, true",
    "DELETE, , false, true",
    "PUT, k, true, true",
    "POST, , false, false",
    "POST, k, false, false",
    "POST, , true, false",
    "POST, k, true, true",
    "PATCH, , true, false",
    "PATCH, k, false, false",
    "PATCH, k, true, true",
    "MERGE, k, false, false",
  })
  void onlyWhatIsSafeToRepeatIsRepeatedBlindly(
      String method, String key, boolean declared, boolean repeated) {
    NewWrite request = Sent.request(Sent.ROUTE, method, "/a", key);
    Writes options = Sent.options(declared);

    for (ReplayOutcome unknown : new ReplayOutcome[] {new Ambiguous("reset"), Sent.answer(504)}) {
      Next next = next(request, 1, unknown, options);
      assertThat(next instanceof Next.Retry).isEqualTo(repeated);
      assertThat(end(next)).isEqualTo(repeated ? null : WriteState.AMBIGUOUS);
    }
    Completion unsendable = Outcomes.unsendable(Sent.claimed(request, 2, true), options, PACE);
    assertThat(unsendable == null).isEqualTo(repeated);
  }

  @Test
  void aRouteThatIsGoneDeclaresNothing() {
    assertThat(end(next(Sent.post("k"), 1, new Ambiguous("reset"), null)))
        .isEqualTo(WriteState.AMBIGUOUS);
  }

  @Test
  void whatWasNotSentIsReleasedHoweverManyAttemptsWereMade() {
    for (int attempts = 1; attempts < 100; attempts += 9) {
      Next.Release release =
          (Next.Release) next(Sent.post(null), attempts, new NotSent("refused"), Sent.PLAIN);
      assertThat(Duration.between(Sent.START, release.at()))
          .isBetween(PACE.unsentDelay(), PACE.unsentDelay().multipliedBy(3).dividedBy(2));
    }
  }

  @Test
  void theLastAttemptIsTheEnd() {
    assertThat(end(next(Sent.put("/a"), 9, Sent.answer(503), Sent.PLAIN))).isNull();
    assertThat(end(next(Sent.put("/a"), 10, Sent.answer(503), Sent.PLAIN)))
        .isEqualTo(WriteState.DEAD);
    assertThat(end(next(Sent.put("/a"), 10, new Ambiguous("timeout"), Sent.PLAIN)))
        .isEqualTo(WriteState.DEAD);
    assertThat(end(next(Sent.put("/a"), 10, Sent.answer(200), Sent.PLAIN)))
        .isEqualTo(WriteState.SUCCEEDED);
  }

  @Test
  void aWriteThatKillsItsProcessIsNotSentForEver() {
    assertThat(Outcomes.unsendable(Sent.claimed(Sent.put("/a"), 10, true), Sent.PLAIN, PACE))
        .isNull();
    assertThat(
            Outcomes.unsendable(Sent.claimed(Sent.put("/a"), 11, true), Sent.PLAIN, PACE).state())
        .isEqualTo(WriteState.DEAD);
  }

  @Test
  void aRefusalAfterAnUnknownAttemptSaysThatItMayBeAnEcho() {
    Next.End first = (Next.End) next(Sent.put("/a"), 1, Sent.answer(412), Sent.PLAIN);
    Next.End second = (Next.End) next(Sent.put("/a"), 2, Sent.answer(412), Sent.PLAIN);

    assertThat(first.completion().error()).isEqualTo("the backend answered 412");
    assertThat(second.completion().state()).isEqualTo(WriteState.FAILED);
    assertThat(second.completion().error()).contains("earlier attempt may have been carried out");
  }

  @Test
  void pausesAreSpreadOverTheWholeWindowAndTheWindowDoubles() {
    for (int attempts = 1; attempts < PACE.attempts(); attempts++) {
      long ceiling = Math.min(300_000, 1000L << (attempts - 1));
      long longest = 0;
      long shortest = Long.MAX_VALUE;
      Random random = new Random(7);
      for (int i = 0; i < 500; i++) {
        Next next =
            Outcomes.next(
                Sent.claimed(Sent.put("/a"), attempts, false),
                Sent.answer(500),
                Sent.PLAIN,
                PACE,
                Sent.START,
                random);
        long pause = Duration.between(Sent.START, ((Next.Retry) next).at()).toMillis();
        longest = Math.max(longest, pause);
        shortest = Math.min(shortest, pause);
      }
      assertThat(longest).isBetween(ceiling * 9 / 10, ceiling);
      assertThat(shortest).isLessThan(ceiling / 10);
    }
  }

  @ParameterizedTest
  @CsvSource({"120, 120", "100000, 300", "0, 0", "soon, 0", "99999999999999999999, 0", "-5, 0"})
  void theBackendMayAskForALongerPause(String asked, int atLeastSeconds) {
    Next.Retry retry = (Next.Retry) next(Sent.put("/a"), 1, Sent.answer(503, asked), Sent.PLAIN);
    Instant least = Sent.START.plusSeconds(atLeastSeconds);

    assertThat(retry.at()).isBetween(least, least.plusSeconds(1));
  }
}
