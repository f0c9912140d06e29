package dev.sluice.fallback.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.replay.ReplayOutcome.Ambiguous;
import dev.sluice.fallback.replay.ReplayOutcome.NotSent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class ReplayerTest {
  private final Stage stage = new Stage();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void anAttemptIsToldToEndBeforeItIsGivenUp() {
    try (Stage stage = new Stage()) {
      stage.store.add(Sent.put("/a"));
      stage.start().pass(1000);
      assertThat(stage.within).isPositive().isLessThan(Stage.PACE.attemptDeadline());
    }
  }

  @Test
  void aRoundDeletesAllEndedWritesThatAreOldEnough() {
    try (Stage stage = new Stage()) {
      stage.store.old(20_000);
      stage.start().pass(1);
      assertThat(stage.store.old()).isZero();
      int purges = stage.store.purges();
      stage.pass(Duration.ofSeconds(59));
      assertThat(stage.store.purges()).isEqualTo(purges);
    }
  }

  @Test
  void nothingIsClaimedWhileTheGateIsClosed() {
    String id = stage.store.add(Sent.put("/a"));
    stage.closedRoutes.add(Sent.ROUTE);
    stage.start().pass(Duration.ofMinutes(30));

    assertThat(stage.store.claims()).isZero();
    assertThat(stage.store.get(id).attempts()).isZero();
    assertThat(stage.state(id)).isEqualTo(WriteState.QUEUED);
  }

  @Test
  void anOpenedGateIsSeenAtThePollOrWhenWoken() {
    String id = stage.store.add(Sent.put("/a"));
    stage.closedRoutes.add(Sent.ROUTE);
    stage.start().pass(10_500);
    stage.closedRoutes.clear();
    stage.replayer.wake();
    stage.pass(100);

    assertThat(stage.state(id)).isEqualTo(WriteState.SUCCEEDED);
  }

  @Test
  void writesOfOneKeyGoOneAfterTheOtherInSequence() {
    String first = stage.store.add(Sent.put("/a"));
    String second = stage.store.add(Sent.put("/a?version=2"));
    String third = stage.store.add(Sent.request(Sent.ROUTE, "DELETE", "/a", null));
    stage.backend =
        write ->
            Mono.just(Sent.answer(write.id().equals(first) && write.attempts() < 3 ? 503 : 200));
    stage.start().pass(Duration.ofMinutes(1));

    assertThat(stage.sent).containsExactly(first, first, first, second, third);
    assertThat(stage.mostInFlight).isEqualTo(1);
    assertThat(stage.store.get(first).attempts()).isEqualTo(3);
    assertThat(stage.ends).hasSize(3).containsOnly(WriteState.SUCCEEDED);
  }

  @Test
  void aRefusedWriteDoesNotHoldUpItsKey() {
    String first = stage.store.add(Sent.put("/a"));
    String second = stage.store.add(Sent.put("/a"));
    stage.backend = write -> Mono.just(Sent.answer(write.id().equals(first) ? 412 : 204));
    stage.start().pass(1000);

    assertThat(stage.state(first)).isEqualTo(WriteState.FAILED);
    assertThat(stage.state(second)).isEqualTo(WriteState.SUCCEEDED);
  }

  @Test
  void oneWriteGoesFirstAndThenTwiceAsManyUpToTheBound() {
    for (int i = 0; i < 200; i++) {
      stage.store.add(Sent.put("/" + i));
    }
    stage.start().pass(50);
    assertThat(stage.inFlight).hasSize(1);
    stage.pass(100);
    assertThat(stage.inFlight).hasSize(2);
    stage.pass(Duration.ofMinutes(1));

    assertThat(stage.levels).containsExactly(2, 4, 8, 16);
    assertThat(stage.mostInFlight).isEqualTo(16);
    assertThat(stage.ends).hasSize(200);
  }

  @Test
  void aClosedGateBringsTheReplayBackToOne() {
    for (int i = 0; i < 200; i++) {
      stage.store.add(Sent.put("/" + i));
    }
    stage.start().pass(550);
    assertThat(stage.mostInFlight).isEqualTo(16);
    stage.closedRoutes.add(Sent.ROUTE);
    stage.pass(Duration.ofMinutes(5));
    assertThat(stage.inFlight).isEmpty();
    stage.closedRoutes.clear();
    stage.replayer.wake();
    stage.pass(50);

    assertThat(stage.inFlight).hasSize(1);
  }

  @Test
  void troubleHalvesThePace() {
    for (int i = 0; i < 200; i++) {
      stage.store.add(Sent.put("/" + i));
    }
    stage.start().pass(550);
    int before = stage.levels.get(stage.levels.size() - 1);
    stage.backend = write -> Mono.just(Sent.answer(500));
    stage.pass(100);

    assertThat(before).isEqualTo(16);
    assertThat(stage.levels).containsSequence(16, 8, 4, 2, 1);
  }

  @Test
  void whatWasRefusedBeforeSendingCountsNoAttemptAndExpiresInTheEnd() {
    String id = stage.store.add(Sent.post(null));
    stage.backend = write -> Mono.just(new NotSent("connection refused"));
    stage.start().pass(Duration.ofMinutes(110));
    stage.closedRoutes.add(Sent.ROUTE);
    stage.pass(1000);

    assertThat(stage.state(id)).isEqualTo(WriteState.RETRY_WAIT);
    assertThat(stage.store.get(id).attempts()).isZero();
    assertThat(stage.store.get(id).lastError()).isEqualTo("connection refused");
    assertThat(stage.sent).hasSizeGreaterThan(1000);
    stage.pass(Duration.ofMinutes(11));
    assertThat(stage.state(id)).isEqualTo(WriteState.EXPIRED);
    assertThat(stage.unsent).containsExactly(id + " EXPIRED");
  }

  @Test
  void writesExpireBehindAClosedGate() {
    String id = stage.store.add(Sent.put("/a"));
    stage.closedRoutes.add(Sent.ROUTE);
    stage.start().pass(Duration.ofMinutes(121));

    assertThat(stage.state(id)).isEqualTo(WriteState.EXPIRED);
    assertThat(stage.sent).isEmpty();
  }

  @Test
  void attemptsThatAreUsedUpEndTheWriteAndTheKeyGoesOn() {
    String first = stage.store.add(Sent.put("/a"));
    String second = stage.store.add(Sent.put("/a"));
    stage.backend = write -> Mono.just(Sent.answer(write.id().equals(first) ? 500 : 200));
    stage.start().pass(Duration.ofMinutes(60));

    assertThat(stage.state(first)).isEqualTo(WriteState.DEAD);
    assertThat(stage.store.get(first).attempts()).isEqualTo(10);
    assertThat(stage.state(second)).isEqualTo(WriteState.SUCCEEDED);
  }

  @Test
  void aSilentBackendMakesAPostAmbiguousAndAPutTriedAgain() {
    String post = stage.store.add(Sent.post("key"));
    String put = stage.store.add(Sent.put("/a"));
    stage.backend = write -> Mono.never();
    stage.start().pass(Duration.ofSeconds(59));
    assertThat(stage.state(post)).isEqualTo(WriteState.IN_FLIGHT);
    stage.pass(Duration.ofSeconds(70));

    assertThat(stage.state(post)).isEqualTo(WriteState.AMBIGUOUS);
    assertThat(stage.store.get(post).lastError()).isEqualTo("no outcome within 60 s");
    assertThat(stage.store.get(put).attempts()).isPositive();
    assertThat(stage.state(put).terminal()).isFalse();
  }

  @Test
  void aDeclaredRouteSendsAKeyedPostAgainAndAnUnkeyedOneNot() {
    stage.options.put(Sent.ROUTE, Sent.DECLARED);
    String keyed = stage.store.add(Sent.post("key"));
    String unkeyed = stage.store.add(Sent.post(null));
    stage.backend =
        write -> Mono.just(write.attempts() == 1 ? new Ambiguous("reset") : Sent.answer(201));
    stage.start().pass(Duration.ofMinutes(1));

    assertThat(stage.state(keyed)).isEqualTo(WriteState.SUCCEEDED);
    assertThat(stage.state(unkeyed)).isEqualTo(WriteState.AMBIGUOUS);
    assertThat(stage.sent).filteredOn(unkeyed::equals).hasSize(1);
  }

  @Test
  void afterACrashAPostIsParkedUnsentAndAPutIsSentAgain() {
    String post = stage.store.add(Sent.post("key"));
    String put = stage.store.add(Sent.put("/a"));
    stage.store.interrupt(post);
    stage.store.interrupt(put);
    stage.start().pass(Duration.ofSeconds(5));

    assertThat(stage.state(post)).isEqualTo(WriteState.AMBIGUOUS);
    assertThat(stage.state(put)).isEqualTo(WriteState.SUCCEEDED);
    assertThat(stage.sent).containsExactly(put);
  }

  @Test
  void aSenderThatFailsLeavesItOpenWhetherTheWriteWasSent() {
    String thrown = stage.store.add(Sent.post(null));
    String empty = stage.store.add(Sent.post(null));
    stage.backend =
        write -> {
          if (write.id().equals(empty)) {
            return Mono.empty();
          }
          throw new IllegalStateException("broken");
        };
    stage.start().pass(Duration.ofSeconds(5));

    assertThat(stage.state(thrown)).isEqualTo(WriteState.AMBIGUOUS);
    assertThat(stage.state(empty)).isEqualTo(WriteState.AMBIGUOUS);
  }

  @Test
  void writesOfARouteThatIsGoneStayQueued() {
    String orphan = stage.store.add(Sent.request("gone", "PUT", "/a", null));
    String other = stage.store.add(Sent.put("/b"));
    stage.start().pass(Duration.ofMinutes(1));

    assertThat(stage.state(orphan)).isEqualTo(WriteState.QUEUED);
    assertThat(stage.state(other)).isEqualTo(WriteState.SUCCEEDED);
    assertThat(stage.orphaned).as("told once").containsExactly(Set.of("gone"));
  }

  @Test
  void aRouteThatIsBackHasItsWritesSent() {
    String orphan = stage.store.add(Sent.request("gone", "PUT", "/a", null));
    stage.start().pass(Duration.ofMinutes(1));
    stage.options.put("gone", Sent.PLAIN);
    stage.pass(Duration.ofMinutes(1));

    assertThat(stage.state(orphan)).isEqualTo(WriteState.SUCCEEDED);
    assertThat(stage.orphaned).containsExactly(Set.of("gone"), Set.of());
  }

  @Test
  void aSilentRouteDoesNotHoldUpAnother() {
    stage.options.put("slow", Sent.PLAIN);
    stage.store.add(Sent.request("slow", "PUT", "/slow", null));
    for (int i = 0; i < 20; i++) {
      stage.store.add(Sent.put("/" + i));
    }
    stage.backend =
        write ->
            write.request().routeId().equals("slow") ? Mono.never() : Mono.just(Sent.answer(200));
    stage.start().pass(Duration.ofSeconds(5));

    assertThat(stage.ends).hasSize(20);
  }

  @Test
  void allRoutesTogetherKeepTheTotalBoundAndNoneStarves() {
    for (int route = 0; route < 6; route++) {
      stage.options.put("r" + route, Sent.PLAIN);
      for (int i = 0; i < 100; i++) {
        stage.store.add(Sent.request("r" + route, "PUT", "/" + route + "/" + i, null));
      }
    }
    stage.start().pass(1500);
    assertThat(stage.mostInFlight).isEqualTo(32);
    assertThat(stage.inFlight.stream().map(w -> w.request().routeId()).distinct()).hasSize(6);
    stage.pass(Duration.ofSeconds(10));

    assertThat(stage.mostInFlight).isEqualTo(32);
    assertThat(stage.ends).hasSize(600);
  }

  @Test
  void aClaimThatCameTooLateIsGivenBackUncounted() {
    stage.store.add(Sent.put("/a"));
    stage.start().pass(500);
    String id = stage.store.add(Sent.put("/b"));
    CompletableFuture<Void> tooLate = new CompletableFuture<>();
    stage.store.delayClaims(tooLate);
    stage.pass(Duration.ofSeconds(5));
    stage.store.delayClaims(new CompletableFuture<>());
    stage.pass(Duration.ofSeconds(10));
    tooLate.complete(null);

    assertThat(stage.faults).anyMatch(fault -> fault.contains("gives no writes"));
    assertThat(stage.state(id)).isEqualTo(WriteState.RETRY_WAIT);
    assertThat(stage.store.get(id).attempts()).isZero();
    stage.store.delayClaims(CompletableFuture.completedFuture(null));
    stage.pass(Duration.ofSeconds(20));
    assertThat(stage.state(id)).isEqualTo(WriteState.SUCCEEDED);
    assertThat(stage.store.get(id).attempts()).isEqualTo(1);
    assertThat(stage.replayer.inFlight()).isZero();
  }

  @Test
  void anOutcomeThatIsNotKeptLeavesTheWriteInFlightAndSaysSo() {
    String id = stage.store.add(Sent.put("/a"));
    stage.store.loseOutcomes(true);
    stage.start().pass(Duration.ofSeconds(5));

    assertThat(stage.state(id)).isEqualTo(WriteState.IN_FLIGHT);
    assertThat(stage.sent).containsExactly(id);
    assertThat(stage.faults).anyMatch(fault -> fault.contains(id));
    assertThat(stage.replayer.inFlight()).isZero();
  }

  @Test
  void anUnhealthyStoreIsNotAsked() {
    stage.store.add(Sent.put("/a"));
    stage.store.fail();
    stage.start().pass(Duration.ofMinutes(1));

    assertThat(stage.store.claims()).isZero();
    assertThat(stage.faults).isEmpty();
  }

  @Test
  void closingGivesUpWhatDoesNotEndAndLeavesItInFlight() {
    String id = stage.store.add(Sent.put("/a"));
    String behind = stage.store.add(Sent.put("/b"));
    stage.backend = write -> Mono.never();
    stage.start().pass(500);
    stage.replayer.close();
    stage.replayer.wake();

    assertThat(stage.state(id)).isEqualTo(WriteState.IN_FLIGHT);
    assertThat(stage.cancelled).isEqualTo(1);
    assertThat(stage.state(behind)).isEqualTo(WriteState.QUEUED);
    assertThat(stage.replayer.inFlight()).isZero();
  }

  @Test
  void aGateThatClosesBetweenClaimAndSendingCostsNothing() {
    String first = stage.store.add(Sent.post(null));
    String second = stage.store.add(Sent.post(null));
    String third = stage.store.add(Sent.post(null));
    stage.onSend =
        write -> {
          if (write.id().equals(second)) {
            stage.closedRoutes.add(Sent.ROUTE);
          }
        };
    stage.start().pass(Duration.ofSeconds(10));

    assertThat(stage.sent).containsExactly(first, second);
    assertThat(stage.state(third)).isEqualTo(WriteState.RETRY_WAIT);
    assertThat(stage.store.get(third).epoch()).isEqualTo(1);
    assertThat(stage.store.get(third).attempts()).isZero();
  }

  /** As the gateway a replay needs no token of the client's; as the client it ends with it. */
  @Test
  void sixHoursOfOutageOutlastTokensOfOneHour() {
    stage.closedRoutes.add(Sent.ROUTE);
    stage.backend =
        write -> {
          boolean late =
              write.request().headers().stream().anyMatch(h -> h.getKey().equals("Authorization"))
                  && stage.clock.instant().isAfter(write.createdAt().plus(Duration.ofHours(1)));
          return Mono.just(Sent.answer(late ? 401 : 204));
        };
    stage.start();
    List<String> asGateway = new ArrayList<>();
    List<String> asClient = new ArrayList<>();
    for (int minute = 0; minute < 360; minute += 10) {
      asGateway.add(stage.store.add(Sent.put("/g" + minute, Duration.ofHours(24), List.of())));
      asClient.add(
          stage.store.add(
              Sent.put(
                  "/c" + minute,
                  Duration.ofHours(1),
                  List.of(Map.entry("Authorization", "Bearer t")))));
      stage.pass(Duration.ofMinutes(10));
    }
    stage.closedRoutes.clear();
    stage.pass(Duration.ofMinutes(10));
    assertThat(asGateway).extracting(stage::state).containsOnly(WriteState.SUCCEEDED);
    assertThat(asClient)
        .extracting(stage::state)
        .containsOnly(WriteState.SUCCEEDED, WriteState.EXPIRED)
        .filteredOn(WriteState.SUCCEEDED::equals)
        .hasSizeBetween(5, 6);
  }
}
