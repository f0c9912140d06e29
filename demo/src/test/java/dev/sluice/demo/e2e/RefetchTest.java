package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.tour.Caller;
import dev.sluice.demo.tour.Caller.Answer;
import dev.sluice.demo.tour.Stand;
import dev.sluice.probes.mode.ServiceMode;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a write has outdated is fetched anew where the route says so, and there in an outage. */
@Timeout(120)
class RefetchTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String ORDER = "/api/orders/77";
  private static final String QUICKLY =
      "breaker: { trial-climbs: 1, recovery: 500ms, learning: { mode: off } }\n";

  private static int put(Caller caller, String item, boolean held) {
    String body = "{\"item\":\"" + item + "\",\"quantity\":1}";
    String key = held ? item + "-held" : item;
    return caller.write("PUT", ORDER, body, Optional.of(key)).status();
  }

  @Test
  void anOutageFindsWhatWasWrittenLastAndReplayDoesAsMuch() {
    try (Stand stand =
        Stand.start(
            0,
            0,
            (world, text) ->
                text.replace("reads: { cache", "reads: { refetch: true, cache")
                        .replace("accept: when-preferred", "accept: always")
                    + QUICKLY)) {
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
