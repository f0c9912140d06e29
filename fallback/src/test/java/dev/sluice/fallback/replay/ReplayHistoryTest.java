package dev.sluice.fallback.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.replay.ReplayOutcome.Ambiguous;
import dev.sluice.fallback.replay.ReplayOutcome.NotSent;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Random writes, outcomes and outages; the rules of the queue are checked at every sending. */
class ReplayHistoryTest {
  private static final int[] STATUSES = {
    200, 200, 200, 201, 303, 404, 409, 412, 429, 500, 502, 503
  };

  private final Set<String> mayNotGoAgain = new HashSet<>();
  private final Map<String, Long> lastOfKey = new HashMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233})
  void everyWriteEndsAndNoRuleIsBrokenOnTheWay(long seed) {
    Random random = new Random(seed);
    try (Stage stage = new Stage()) {
      stage.options.put("declared", Sent.DECLARED);
      stage.onSend = write -> checkSending(stage, write, seed);
      stage.backend = write -> outcome(write, random);
      stage.start();
      for (int step = 0; step < 300; step++) {
        disturb(stage, random);
        stage.pass(random.nextInt(700));
      }
      stage.closedRoutes.clear();
      stage.pass(Duration.ofHours(4));

      assertThat(stage.broken).isEmpty();
      assertThat(stage.store.anyBacklog()).as("seed %d", seed).isFalse();
      assertThat(stage.faults).as("seed %d", seed).isEmpty();
      assertThat(stage.ends).as("seed %d", seed).contains(WriteState.SUCCEEDED);
      assertThat(stage.replayer.inFlight()).isZero();
    }
  }

  private static void disturb(Stage stage, Random random) {
    stage.takes = Duration.ofMillis(random.nextInt(400));
    int event = random.nextInt(20);
    if (event == 0) {
      stage.closedRoutes.add(random.nextBoolean() ? Sent.ROUTE : "declared");
    } else if (event < 3) {
      stage.closedRoutes.clear();
      stage.replayer.wake();
    } else if (event < 15) {
      stage.store.add(write(random));
    }
  }

  private static NewWrite write(Random random) {
    String[] methods = {"POST", "PATCH", "PUT", "DELETE"};
    return Sent.request(
        random.nextInt(3) == 0 ? "declared" : Sent.ROUTE,
        methods[random.nextInt(methods.length)],
        "/" + random.nextInt(4),
        random.nextBoolean() ? "key" : null);
  }

  private Mono<ReplayOutcome> outcome(QueuedWrite write, Random random) {
    int dice = random.nextInt(16);
    if (dice == 0) {
      return Mono.just(new NotSent("refused"));
    }
    if (dice == 1) {
      remember(write);
      return Mono.just(new Ambiguous("reset"));
    }
    if (dice == 2) {
      remember(write);
      return Mono.never();
    }
    int status = STATUSES[random.nextInt(STATUSES.length)];
    if (status == 502) {
      remember(write);
    }
    return Mono.just(Sent.answer(status));
  }

  private void remember(QueuedWrite write) {
    boolean repeatable =
        Set.of("PUT", "DELETE").contains(write.request().method())
            || (write.request().routeId().equals("declared")
                && write.request().clientKey() != null);
    if (!repeatable) {
      mayNotGoAgain.add(write.id());
    }
  }

  private void checkSending(Stage stage, QueuedWrite write, long seed) {
    assertThat(stage.closedRoutes).as("seed %d", seed).doesNotContain(write.request().routeId());
    assertThat(mayNotGoAgain).as("seed %d", seed).doesNotContain(write.id());
    assertThat(stage.inFlight).as("seed %d", seed).hasSizeLessThan(32);
    assertThat(write.attempts()).as("seed %d", seed).isBetween(1, 10);
    String key = write.request().orderingKey();
    if (key != null) {
      assertThat(stage.inFlight)
          .as("seed %d: one of a key", seed)
          .noneMatch(other -> key.equals(other.request().orderingKey()));
      Long last = lastOfKey.put(key, write.sequence());
      assertThat(last == null || last <= write.sequence()).as("seed %d: order", seed).isTrue();
    }
  }
}
