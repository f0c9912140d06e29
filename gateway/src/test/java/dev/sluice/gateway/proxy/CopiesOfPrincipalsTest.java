package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.probes.mode.BreakerState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code reads.principal: header(X-User)}, over HTTP: a copy is its principal's alone. */
class CopiesOfPrincipalsTest {
  private static final String MINE = "/mine/cart";
  private static final String ALICE = "X-User: alice";
  private static final String BOB = "X-User: bob";

  private Rig rig;

  @BeforeEach
  void start() throws IOException {
    rig = new Rig(CopiesOfPrincipalsTest::cart);
  }

  @AfterEach
  void stop() throws IOException {
    rig.close();
    assertThat(rig.faults).isEmpty();
  }

  /** Answers with whose cart it is. */
  private static boolean cart(
      WireBackend.Request request, java.io.InputStream in, java.io.OutputStream out)
      throws IOException {
    String text = "cart of " + request.header("x-user");
    out.write(WireBackend.answer("200 OK", text).getBytes(StandardCharsets.ISO_8859_1));
    return true;
  }

  @Test
  void eachPrincipalGetsItsOwnCopy() throws IOException {
    assertThat(rig.get(MINE, ALICE).text()).isEqualTo("cart of alice");
    assertThat(rig.get(MINE, BOB).text()).isEqualTo("cart of bob");
    rig.database(BreakerState.OPEN);
    for (String user : new String[] {"alice", "bob", "alice"}) {
      WireClient.Answer copy = rig.get(MINE, "x-user: " + user);
      assertThat(copy.status()).isEqualTo(200);
      assertThat(copy.header("cache-status")).contains("sluice; hit");
      assertThat(copy.text()).isEqualTo("cart of " + user);
    }
    assertThat(rig.backend.requests).hasSize(2);
  }

  /** Nobody, another, nearly the same one, and whoever says both. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Other: alice",
        "X-User: bob",
        "X-User:",
        "X-User: Alice",
        "X-User: alice, bob",
        "X-User: bob\r\nX-User: alice",
        "X-User: alice\r\nX-User: alice",
        "Authorization: Bearer alice"
      })
  void noOtherGetsIt(String headers) throws IOException {
    assertThat(rig.get(MINE, ALICE).text()).isEqualTo("cart of alice");
    rig.database(BreakerState.OPEN);
    WireClient.Answer other = rig.get(MINE, headers);
    assertThat(other.status()).isEqualTo(503);
    assertThat(other.text()).doesNotContain("cart");
    rig.database(BreakerState.CLOSED);
    rig.backend.script(WireBackend.raw(WireBackend.answer("500 Internal Error", "own"), true));
    assertThat(rig.get(MINE, headers).text()).as("instead of a failure").isEqualTo("own");
    assertThat(rig.get(MINE, ALICE).text()).isEqualTo("cart of alice");
  }

  @Test
  void whatNobodyAskedForIsKeptForNobody() throws IOException {
    assertThat(rig.get(MINE).text()).isEqualTo("cart of null");
    rig.database(BreakerState.OPEN);
    assertThat(rig.get(MINE).status()).isEqualTo(503);
    assertThat(rig.get(MINE, ALICE).status()).isEqualTo(503);
    assertThat(rig.copies.stats().entries()).isZero();
  }
}
