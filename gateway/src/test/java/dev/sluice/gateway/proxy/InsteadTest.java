package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.probes.mode.BreakerState;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code reads.instead}: another backend is tried before a copy. */
@Timeout(60)
class InsteadTest {
  private static final String AT = "/doubled/orders";

  private Rig rig;

  @BeforeEach
  void start() throws IOException {
    rig = new Rig(WireBackend.text("own"));
    assertThat(rig.get(AT).text()).isEqualTo("own");
  }

  @AfterEach
  void stop() throws IOException {
    rig.close();
    assertThat(rig.faults).isEmpty();
  }

  @Test
  void whileTheBreakerIsOpenTheOtherBackendAnswers() throws IOException {
    rig.database(BreakerState.OPEN);
    assertThat(rig.get(AT).text()).isEqualTo("replica");
    assertThat(rig.backend.requests).hasSize(1);
    assertThat(rig.replica.requests.get(0).line()).isEqualTo("GET " + AT + " HTTP/1.1");
    rig.database(BreakerState.CLOSED);
    assertThat(rig.get(AT).text()).isEqualTo("own");
  }

  @Test
  void whenItsOwnBackendFailsTheOtherAnswersTheSameRequest() throws IOException {
    rig.backend.script(WireBackend.raw(WireBackend.answer("500 No", "broken"), true));
    assertThat(rig.get(AT).text()).isEqualTo("replica");
    rig.backend.script((request, in, out) -> false);
    assertThat(rig.get(AT).text()).isEqualTo("replica");
    rig.backend.close();
    rig.backend.cut();
    assertThat(rig.get(AT).text()).isEqualTo("replica");
    assertThat(rig.ended).last().isEqualTo("doubled forwarded 200");
  }

  @Test
  void whenTheOtherFailsTooACopyIsServed() throws IOException {
    rig.backend.script(WireBackend.raw(WireBackend.answer("500 No", "broken"), true));
    rig.replica.script((request, in, out) -> false);
    WireClient.Answer copy = rig.get(AT);
    assertThat(copy.text()).isEqualTo("own");
    assertThat(copy.header("cache-status")).startsWith("sluice; fwd=stale");
    rig.database(BreakerState.OPEN);
    assertThat(rig.get(AT).text()).isEqualTo("own");
    assertThat(rig.get("/doubled/none").status()).isEqualTo(502);
  }

  @Test
  void writesGoNowhereElse() throws IOException {
    rig.backend.script(WireBackend.raw(WireBackend.answer("500 No", "broken"), true));
    try (WireClient client = rig.client()) {
      assertThat(client.ask("POST", AT, "x").status()).isEqualTo(500);
    }
    rig.database(BreakerState.OPEN);
    try (WireClient client = rig.client()) {
      assertThat(client.ask("POST", AT, "x").status()).isEqualTo(503);
    }
    assertThat(rig.replica.requests).isEmpty();
  }

  @Test
  void aRouteThatOnlyObservesGoesNowhereElse() throws IOException {
    try (Rig observing =
        new Rig(
            WireBackend.raw(WireBackend.answer("500 No", "broken"), true),
            "",
            "",
            null,
            "observe")) {
      assertThat(observing.get(AT).status()).isEqualTo(500);
      assertThat(observing.replica.requests).isEmpty();
    }
  }
}
