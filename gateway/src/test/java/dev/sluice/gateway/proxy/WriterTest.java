package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fallback.queue.QueuedWrite;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriterTest {
  private static final String KEY = "Idempotency-Key: k1";
  private static final String ALICE = "Authorization: Bearer alice";
  private static final String BOB = "Authorization: Bearer bob";

  @TempDir Path folder;
  private QueueRig rig;

  @BeforeEach
  void start() throws IOException {
    rig = new QueueRig(folder);
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private WireClient.Answer post(String target, String... headers) throws IOException {
    return rig.ask("POST", target, "the same", headers);
  }

  private void refused(WireClient.Answer answer, String... words) {
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("retry-after")).isNotNull();
    assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    assertThat(answer.text()).contains(words);
    assertThat(rig.kept()).isEmpty();
  }

  @Test
  void twoCallersWithOneKeyAreTwoWrites() throws IOException {
    WireClient.Answer alice = post("/as-gateway/1", KEY, ALICE);
    WireClient.Answer bob = post("/as-gateway/1", KEY, BOB);
    assertThat(alice.status()).isEqualTo(202);
    assertThat(bob.status()).isEqualTo(202);
    assertThat(bob.header("location")).isNotEqualTo(alice.header("location"));
    assertThat(post("/as-gateway/1", KEY, ALICE).header("location"))
        .isEqualTo(alice.header("location"));
    assertThat(rig.kept()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/undeclared/1", "/half-declared/1"})
  void credentialsThatNobodyDeclaredAreNotKept(String target) throws IOException {
    refused(post(target, KEY, ALICE), "principal and replay-as");
    refused(post(target, "Cookie: session=1"), "principal and replay-as");
    refused(post(target, "X-Auth-Token: t"), "principal and replay-as");
  }

  @Test
  void whatIsNotKeptIsRefusedBeforeItsBody() throws IOException {
    try (WireClient client = rig.client()) {
      String head = "POST /undeclared/1 HTTP/1.1|Host: a|Content-Length: 3|";
      client.send((head + "Expect: 100-continue|Cookie: session=1||").replace("|", "\r\n"));
      assertThat(client.head().status()).isEqualTo(503);
    }
  }

  @Test
  void withoutCredentialsARouteNeedsNothingDeclared() throws IOException {
    WireClient.Answer first = post("/undeclared/1", KEY);
    assertThat(first.status()).isEqualTo(202);
    assertThat(post("/undeclared/1", KEY).header("location")).isEqualTo(first.header("location"));
  }

  @Test
  void aDeclaredPrincipalThatIsMissingIsRefused() throws IOException {
    refused(post("/as-gateway/1", KEY), "principal's header");
  }

  @Test
  void replayAsGatewayKeepsNoCredentials() throws IOException {
    String[] headers = {
      ALICE,
      "Cookie: session=1",
      "X-Api-Key: key",
      "X-Auth-Token: token",
      "X-Goog-Authenticated-User-Email: alice",
      "Client-Cert: :cert:",
      "If-Match: \"7\""
    };
    assertThat(post("/as-gateway/1", headers).status()).isEqualTo(202);
    QueuedWrite kept = rig.kept().get(0);
    assertThat(kept.request().headers().toString().toLowerCase(java.util.Locale.ROOT))
        .contains("if-match")
        .doesNotContain("alice", "session", "key", "token", "cert");
  }

  @Test
  void replayAsClientKeepsThem() throws IOException {
    assertThat(post("/as-client/1", ALICE, "X-Auth-Token: token").status()).isEqualTo(202);
    assertThat(rig.kept().get(0).request().headers().toString()).contains("Bearer alice", "token");
  }

  @Test
  void credentialsNeedAStoreKeyOutsideTheDemo() throws IOException {
    rig.close();
    rig = new QueueRig(folder.resolve("clear"), "production", "");
    refused(post("/as-gateway/1", ALICE), "store has no key");
    refused(post("/shared/1", ALICE), "store has no key");
    assertThat(post("/shared/1").status()).isEqualTo(202);

    rig.close();
    rig = new QueueRig(folder.resolve("demo"), "demo", "");
    assertThat(post("/as-gateway/1", ALICE).status()).isEqualTo(202);
  }
}
