package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.tour.Caller;
import dev.sluice.demo.tour.Caller.Answer;
import dev.sluice.demo.tour.Stand;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.ServiceMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a write has outdated is fetched anew where the route says so, and there in an outage. */
@Timeout(120)
class RefetchTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String ORDER = "/api/orders/77";
  private static final String QUICKLY = breaker("500ms");

  private static String breaker(String recovery) {
    return "breaker: { trial-climbs: 1, recovery: %s, learning: { mode: off } }\n"
        .formatted(recovery);
  }

  private static int put(Caller caller, String item, boolean held) {
    String body = "{\"item\":\"" + item + "\",\"quantity\":1}";
    String key = held ? item + "-held" : item;
    return caller.write("PUT", ORDER, body, Optional.of(key)).status();
  }

  @Test
  void anOutageFindsWhatWasWrittenLastAndReplayDoesAsMuch() {
    try (Stand stand = Stand.start(0, 0, (world, text) -> routes(text) + QUICKLY)) {
      Caller caller = new Caller(() -> stand.gateway().port());
      await().atMost(PATIENCE).until(() -> stand.gateway().posture().mode() == ServiceMode.FULL);
      assertThat(put(caller, "green", false)).isEqualTo(201);
      assertThat(caller.get(ORDER).body()).contains("green");
      assertThat(put(caller, "black", false)).isEqualTo(200);
      await("fetched anew").atMost(PATIENCE).until(() -> stored(stand).contains(ORDER));
      outage(stand);
      Answer copy = caller.get(ORDER);
      assertThat(copy.status()).isEqualTo(200);
      assertThat(copy.body()).contains("black");
      assertThat(put(caller, "white", true)).isEqualTo(202);
      stand.world().databaseProxy().mode(Mode.PASS);
      await("replayed").atMost(PATIENCE).until(() -> caller.get(ORDER).body().contains("white"));
      outage(stand);
      assertThat(caller.get(ORDER).body()).contains("white");
    }
  }

  /** Of a hundred requests one passes, and the copy that a released write outdates is there. */
  @Test
  void noReaderIsRefusedForAReleasedWriteWhileTrafficComesBack() {
    try (Stand stand = Stand.start(0, 0, (world, text) -> routes(text) + breaker("2m"))) {
      Caller caller = new Caller(() -> stand.gateway().port());
      await().atMost(PATIENCE).until(() -> stand.gateway().posture().mode() == ServiceMode.FULL);
      assertThat(put(caller, "green", false)).isEqualTo(201);
      assertThat(caller.get(ORDER).body()).contains("green");
      outage(stand);
      assertThat(put(caller, "white", true)).isEqualTo(202);
      stand.world().databaseProxy().mode(Mode.PASS);
      List<Integer> statuses = new ArrayList<>();
      await("released")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(10))
          .until(() -> read(caller, statuses).contains("white"));
      for (int i = 0; i < 500; i++) {
        assertThat(read(caller, statuses)).contains("white");
      }
      assertThat(statuses).containsOnly(200);
      assertThat(stand.gateway().posture().dependencies().get("orders-db").breaker())
          .as("traffic comes back")
          .isEqualTo(BreakerState.HALF_OPEN);
    }
  }

  private static String read(Caller caller, List<Integer> statuses) {
    Answer answer = caller.get(ORDER);
    statuses.add(answer.status());
    return answer.body();
  }

  private static String routes(String text) {
    return text.replace("reads: { cache", "reads: { refetch: true, cache")
        .replace("accept: when-preferred", "accept: always");
  }

  private static String stored(Stand stand) {
    Caller admin = new Caller(() -> stand.gateway().adminPort());
    return admin.get("/cache?prefix=127.0.0.1:" + stand.gateway().port() + ORDER).body();
  }

  private static void outage(Stand stand) {
    stand.world().databaseProxy().mode(Mode.REFUSE);
    await("known")
        .atMost(PATIENCE)
        .until(() -> stand.gateway().posture().mode() != ServiceMode.FULL);
  }
}
