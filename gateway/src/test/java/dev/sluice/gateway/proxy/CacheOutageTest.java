package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.probes.mode.BreakerState;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A copy that is ten seconds stale, what its answer said of it, and how the backend fails. */
@Timeout(60)
class CacheOutageTest {
  private static final String AT = "/cached/orders";

  /** What goes wrong at the backend. */
  enum Fault {
    STATUS_500(500),
    STATUS_503(503),
    CLOSED(502),
    REFUSED(502),
    RESET(502),
    HANG(504);

    private final int status;

    Fault(int status) {
      this.status = status;
    }
  }

  /** What the answer said, and whether it is served in an outage. */
  enum Said {
    PLAIN("max-age=60", true),
    STALE_IF_ERROR("max-age=60, stale-if-error=100", true),
    STALE_IF_ERROR_OVER("max-age=60, stale-if-error=5", false),
    STALE_WHILE_REVALIDATE("max-age=60, stale-while-revalidate=100", true),
    MUST_REVALIDATE("max-age=60, must-revalidate", false),
    PROXY_REVALIDATE("max-age=60, proxy-revalidate", false),
    S_MAXAGE("s-maxage=60", false),
    NO_CACHE("max-age=60, no-cache", false),
    OVERDUE("max-age=60", false);

    private final String cacheControl;
    private final boolean served;

    Said(String cacheControl, boolean served) {
      this.cacheControl = cacheControl;
      this.served = served;
    }
  }

  static Stream<Arguments> cells() {
    return Stream.of(Fault.values())
        .flatMap(fault -> Stream.of(Said.values()).map(said -> Arguments.of(fault, said)));
  }

  @ParameterizedTest
  @MethodSource("cells")
  void servesWhatItMayAndNothingElse(Fault fault, Said said) throws IOException {
    try (Rig rig =
        new Rig(
            CacheOnTheWireTest.fresh("stored", said.cacheControl, "ETag: \"1\""),
            "",
            ", response-deadline: 900ms",
            null)) {
      assertThat(rig.get(AT).text()).isEqualTo("stored");
      rig.ahead = said == Said.OVERDUE ? Duration.ofHours(2) : Duration.ofSeconds(70);
      fail(rig, fault);
      long begun = System.nanoTime();
      WireClient.Answer answer = rig.get(AT);
      long millis = (System.nanoTime() - begun) / 1_000_000;
      if (said.served) {
        assertThat(answer.text()).isEqualTo("stored");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("age")).isIn("70", "71");
        assertThat(answer.header("cache-status")).contains("sluice; ");
        assertThat(millis).as("the revalidation's own deadline").isLessThan(850);
      } else {
        assertThat(answer.status()).isEqualTo(fault.status);
        assertThat(answer.text()).doesNotContain("stored");
      }
      assertThat(rig.faults).isEmpty();
    }
  }

  /** A 404 is an answer: it ends the use of the copy, in an outage too. */
  @ParameterizedTest
  @MethodSource("faults")
  void whatWasDeletedIsNeverServedAgain(Fault fault) throws IOException {
    try (Rig rig =
        new Rig(
            CacheOnTheWireTest.fresh("stored", "max-age=60"),
            "",
            ", response-deadline: 900ms",
            null)) {
      rig.get(AT);
      rig.ahead = Duration.ofSeconds(70);
      rig.backend.script(WireBackend.raw(WireBackend.answer("404 Not Found", "gone"), true));
      assertThat(rig.get(AT).status()).isEqualTo(404);
      fail(rig, fault);
      assertThat(rig.get(AT).status()).isEqualTo(fault.status);
    }
  }

  /** Whoever waited when it opened is not left waiting. */
  @ParameterizedTest
  @ValueSource(strings = {"/cached/orders", "/api/orders/1"})
  void aBreakerThatOpensEndsTheWaitForABackendThatHangs(String target) throws Exception {
    try (Rig rig = new Rig(CacheOnTheWireTest.fresh("stored", "max-age=60"))) {
      rig.get(target);
      rig.ahead = Duration.ofSeconds(70);
      rig.backend.script(
          (request, in, out) -> {
            Rig.pause(Duration.ofSeconds(8));
            return false;
          });
      Thread opener =
          new Thread(
              () -> {
                Rig.pause(Duration.ofMillis(150));
                rig.database(BreakerState.OPEN);
              });
      opener.start();
      long begun = System.nanoTime();
      WireClient.Answer copy = rig.get(target);
      assertThat(copy.text()).isEqualTo("stored");
      assertThat(System.nanoTime() - begun).isLessThan(2_000_000_000L);
      opener.join();
      assertThat(rig.get("/api/nothing-stored").status()).isEqualTo(503);
    }
  }

  static Stream<Fault> faults() {
    return Stream.of(Fault.values());
  }

  private static void fail(Rig rig, Fault fault) throws IOException {
    switch (fault) {
      case STATUS_500 ->
          rig.backend.script(WireBackend.raw(WireBackend.answer("500 Error", "broken"), true));
      case STATUS_503 ->
          rig.backend.script(WireBackend.raw(WireBackend.answer("503 Away", "broken"), true));
      case CLOSED -> rig.backend.script((request, in, out) -> false);
      case REFUSED -> {
        rig.backend.close();
        rig.backend.cut();
      }
      case RESET -> {
        rig.backend.resets();
        rig.backend.script((request, in, out) -> false);
      }
      case HANG ->
          rig.backend.script(
              (request, in, out) -> {
                Rig.pause(Duration.ofSeconds(3));
                return false;
              });
    }
  }
}
