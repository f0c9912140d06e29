package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fallback.queue.CapturedAnswer;
import dev.sluice.fallback.queue.Completion;
import dev.sluice.fallback.queue.QueuedWrite;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
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
  void theDemoAloneKeepsWritesInTheClear() throws IOException {
    assertThatThrownBy(() -> new QueueRig(folder.resolve("clear"), "production", ""))
        .hasMessageContaining("without a store key nothing is queued");
    rig.close();
    rig = new QueueRig(folder.resolve("demo"), "demo", "");
    assertThat(post("/as-gateway/1", ALICE).status()).isEqualTo(202);
  }

  private static String token(Duration left) {
    String claims = "{\"exp\":" + Instant.now().plus(left).getEpochSecond() + "}";
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    return "Authorization: Bearer "
        + base64.encodeToString("{\"alg\":\"RS256\"}".getBytes(StandardCharsets.UTF_8))
        + "."
        + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8))
        + ".c2lnbmF0dXJl";
  }

  @Test
  void aWriteIsKeptNoLongerThanTheTokenThatItIsReplayedWith() throws IOException {
    refused(post("/as-client/1", token(Duration.ofMinutes(9))), "expires within ten minutes");
    WireClient.Answer answer = post("/as-client/1", token(Duration.ofMinutes(30)));
    assertThat(answer.status()).isEqualTo(202);
    Instant expires = rig.kept().get(0).expiresAt();
    assertThat(Duration.between(Instant.now(), expires))
        .isBetween(Duration.ofMinutes(28), Duration.ofMinutes(30));
    String told = answer.text().replaceAll(".*\"expires-at\":\"([^\"]*)\".*", "$1");
    assertThat(Duration.between(Instant.parse(told), expires).abs())
        .isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void asTheGatewayTheTokensEndDoesNotMatter() throws IOException {
    assertThat(post("/as-gateway/1", token(Duration.ofMinutes(1))).status()).isEqualTo(202);
    assertThat(Duration.between(Instant.now(), rig.kept().get(0).expiresAt()))
        .isGreaterThan(Duration.ofHours(23));
  }

  @Test
  void whoIsNamedByMoreThanHisTokenIsNamedToTheBackend() throws IOException {
    rig.ask("PUT", "/read/1", "new", "X-User: alice");
    assertThat(rig.kept().get(0).request().principal()).isEqualTo("alice");
    post("/as-gateway/1", ALICE);
    assertThat(rig.kept().get(1).request().principal()).as("a token is not kept").isNull();
    post("/as-client/1", ALICE);
    assertThat(rig.kept().get(2).request().principal()).isNull();
  }

  @Test
  void onePrincipalThatFillsItsQuotaIsToldSoAndOthersAreNot() throws IOException {
    assertThat(post("/few/1", ALICE).status()).isEqualTo(202);
    assertThat(post("/few/1", ALICE).status()).isEqualTo(202);
    WireClient.Answer third = post("/few/1", ALICE);
    assertThat(third.status()).isEqualTo(429);
    assertThat(third.header("retry-after")).isNotNull();
    assertThat(third.text()).contains("2 writes");
    assertThat(post("/few/1", BOB).status()).isEqualTo(202);
  }

  @Test
  void aKeyThatIsKnownGetsItsAnswerAgainAfterTheOutage() throws IOException {
    WireClient.Answer first = post("/as-gateway/1", KEY, ALICE);
    assertThat(first.status()).isEqualTo(202);
    rig.mend();
    WireClient.Answer again = post("/as-gateway/1", KEY, ALICE);
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.header("location")).isEqualTo(first.header("location"));
    rig.complete(Completion.succeeded(new CapturedAnswer(200, List.of(), new byte[0])));
    assertThat(post("/as-gateway/1", KEY, ALICE).header("location"))
        .isEqualTo(first.header("location"));
    assertThat(rig.ask("POST", "/as-gateway/1", "another body", KEY, ALICE).status())
        .isEqualTo(422);
    assertThat(rig.kept()).hasSize(1);
    WireClient.Answer bob = post("/as-gateway/1", KEY, BOB);
    assertThat(bob.header("location"))
        .as("a write of his own")
        .isNotEqualTo(first.header("location"));
  }

  @Test
  void aReaderIsShownTheWayToHisOwnPendingWriteAlone() throws IOException {
    String monitor = rig.ask("PUT", "/read/1", "new", "X-User: alice").header("location");
    rig.copy("/read/1", "old");
    WireClient.Answer alice = rig.ask("GET", "/read/1", null, "X-User: alice");
    assertThat(alice.text()).isEqualTo("old");
    assertThat(alice.header("cache-status")).contains("pending-write");
    assertThat(alice.header("link")).isEqualTo("<" + monitor + ">; rel=\"monitor\"");
    WireClient.Answer bob = rig.ask("GET", "/read/1", null, "X-User: bob");
    assertThat(bob.header("cache-status")).contains("pending-write");
    assertThat(bob.header("link")).isNull();
    assertThat(rig.ask("GET", "/read/1", null).header("link")).isNull();
  }
}
