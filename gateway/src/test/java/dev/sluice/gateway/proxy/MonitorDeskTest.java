package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fallback.queue.CapturedAnswer;
import dev.sluice.fallback.queue.Completion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MonitorDeskTest {
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

  private String queued(String target, String... headers) throws IOException {
    WireClient.Answer answer = rig.ask("POST", target, "body", headers);
    assertThat(answer.status()).isEqualTo(202);
    return answer.header("location");
  }

  private static Completion answered(int status, String body, String... headers) {
    List<Map.Entry<String, String>> lines =
        java.util.Arrays.stream(headers)
            .map(header -> header.split(": ", 2))
            .map(parts -> Map.entry(parts[0], parts[1]))
            .toList();
    CapturedAnswer answer =
        new CapturedAnswer(status, lines, body.getBytes(StandardCharsets.UTF_8));
    return status < 400 ? Completion.succeeded(answer) : Completion.failed(answer);
  }

  @Test
  void aWaitingWriteIsPending() throws IOException {
    String monitor = queued("/as-gateway/1", ALICE);
    WireClient.Answer answer = rig.ask("GET", monitor, null, ALICE);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("retry-after")).isEqualTo("1");
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
    assertThat(answer.text()).contains("\"status\":\"queued\"", "\"expires\":");
    assertThat(rig.ask("GET", monitor, null, BOB).status()).isEqualTo(404);
    assertThat(rig.ask("GET", monitor, null).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "201, /orders/7, /orders/7",
    "201, 7, /as-gateway/7",
    "200, ?page=2, /as-gateway/1?page=2",
    "201, https://shop.example/orders/7, https://shop.example/orders/7",
    "303, /orders/7, /orders/7"
  })
  void aNamedResourceIsShownTheWayTo(int status, String location, String seen) throws IOException {
    String monitor = queued("/as-gateway/1", ALICE);
    rig.complete(answered(status, "made", "Location: " + location));
    WireClient.Answer answer = rig.ask("GET", monitor, null, ALICE);
    assertThat(answer.status()).isEqualTo(303);
    assertThat(answer.header("location")).isEqualTo(seen);
    assertThat(answer.header("sluice-write")).isEqualTo("succeeded");
    assertThat(answer.header("sluice-write-status")).isEqualTo("" + status);
  }

  @ParameterizedTest
  @CsvSource({"200, /orders/7 with a space", "404, /orders/7"})
  void otherLocationsAreToldAsTheyCame(int status, String location) throws IOException {
    String monitor = queued("/as-gateway/1", ALICE);
    rig.complete(answered(status, "text", "Location: " + location));
    WireClient.Answer answer = rig.ask("GET", monitor, null, ALICE);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("location")).isEqualTo(location);
    assertThat(answer.text()).isEqualTo("text");
  }

  @Test
  void theCapturedAnswerComesWithItsHeaders() throws IOException {
    String monitor = queued("/as-gateway/1", ALICE);
    rig.complete(
        answered(
            422,
            "{\"no\":1}",
            "Content-Type: application/json",
            "Content-Encoding: identity",
            "ETag: \"3\"",
            "Set-Cookie: session=2",
            "Connection: X-Hop",
            "X-Hop: 1",
            "Sluice-Mode: full",
            "Transfer-Encoding: chunked"));
    WireClient.Answer answer = rig.ask("GET", monitor, null, ALICE);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("{\"no\":1}");
    assertThat(answer.header("sluice-write")).isEqualTo("failed");
    assertThat(answer.header("sluice-write-status")).isEqualTo("422");
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    assertThat(answer.header("content-encoding")).isEqualTo("identity");
    assertThat(answer.header("etag")).isEqualTo("\"3\"");
    for (String gone : List.of("set-cookie", "x-hop", "transfer-encoding", "sluice-write-body")) {
      assertThat(answer.header(gone)).as(gone).isNull();
    }
  }

  @Test
  void aCutAnswerIsSaidToBeCut() throws IOException {
    String monitor = queued("/as-gateway/1", ALICE);
    rig.complete(Completion.succeeded(new CapturedAnswer(200, List.of(), new byte[] {'a'}, false)));
    assertThat(rig.ask("GET", monitor, null, ALICE).header("sluice-write-body")).isEqualTo("cut");
  }

  @Test
  void onlyTheOwnerWithdrawsAndOnlyWhatWaits() throws IOException {
    String monitor = queued("/as-gateway/1", ALICE);
    String none = "/.sluice/writes/" + "0".repeat(32);
    assertThat(rig.ask("DELETE", none, null, ALICE).status()).isEqualTo(404);
    assertThat(rig.ask("DELETE", monitor, null, BOB).status()).isEqualTo(404);
    assertThat(rig.ask("DELETE", monitor, null, ALICE).text()).contains("cancelled");
    assertThat(rig.ask("DELETE", monitor, null, ALICE).status()).isEqualTo(409);

    String sent = queued("/as-gateway/2", ALICE);
    rig.complete(answered(200, "done"));
    assertThat(rig.ask("DELETE", sent, null, ALICE).status()).isEqualTo(409);
  }

  @Test
  void aWriteOfNobodyIsFoundByItsIdWhateverIsSentAlong() throws IOException {
    String monitor = queued("/undeclared/1");
    assertThat(rig.ask("GET", monitor, null, "Cookie: late=1").status()).isEqualTo(200);
    assertThat(rig.ask("DELETE", monitor, null, "Cookie: late=1").status()).isEqualTo(200);
  }

  @Test
  void othersMethodsAndIdsAreRefused() throws IOException {
    assertThat(rig.ask("PUT", "/.sluice/writes/" + "0".repeat(32), "x").status()).isEqualTo(405);
    assertThat(rig.ask("GET", "/.sluice/writes/short", null).status()).isEqualTo(404);
  }
}
