package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.tour.Caller;
import dev.sluice.demo.tour.Stand;
import dev.sluice.gateway.cli.SluiceCommand;
import dev.sluice.probes.mode.ServiceMode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real outage, recorded by a real gateway, gone through once more. */
@Timeout(120)
class RecordingTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Two gateways that see the same are not in step: a climb lies up to a second apart. */
  private static final Duration NEAR = Duration.ofSeconds(5);

  private static final String BREAKER =
      "breaker: { trial-climbs: 1, recovery: 500ms, learning: { mode: off } }\n";

  @TempDir private Path folder;

  @Test
  void underItsOwnSettingsAnOutageGoesAsItWentAndUnderOthersOtherwise() throws IOException {
    try (Stand stand =
        Stand.start(0, 0, (world, text) -> text + BREAKER + "alerts: { resolve-after: 5s }\n")) {
      Path recording = recorded(stand);
      JsonNode same = replayed(recording, stand.routes());
      assertThat(same.path("acts")).as(same.toPrettyString()).isNotEmpty();
      for (JsonNode act : same.path("acts")) {
        if (!act.path("kind").asString("").equals("verdict")) {
          assertThat(apart(act)).as(act.toPrettyString()).isLessThan(NEAR);
        }
      }
      assertThat(same.path("recorded").path("kept").asInt()).isPositive();
      assertThat(same.path("replayed").path("kept").asInt()).isPositive();
      JsonNode patient = replayed(recording, patient(stand.routes()));
      assertThat(patient.path("acts"))
          .as(patient.toPrettyString())
          .noneMatch(act -> replayed(act, "breaker", "orders-db", "open"))
          .anyMatch(act -> act.path("kind").asString("").equals("breaker"));
      assertThat(patient.path("replayed").path("failed").asInt())
          .isGreaterThan(same.path("replayed").path("failed").asInt());
    }
  }

  /** What the gateway gives of an outage that was real: refused connections, with requests on. */
  private Path recorded(Stand stand) throws IOException {
    Caller caller = new Caller(() -> stand.gateway().port());
    Caller admin = new Caller(() -> stand.gateway().adminPort());
    await("mode full")
        .atMost(PATIENCE)
        .until(() -> stand.gateway().posture().mode() == ServiceMode.FULL);
    caller.get("/api/orders");
    stand.world().databaseProxy().mode(Mode.REFUSE);
    await("told")
        .atMost(PATIENCE)
        .until(
            () -> {
              caller.get("/api/orders");
              return admin.get("/outages").body().contains("firing");
            });
    stand.world().databaseProxy().mode(Mode.PASS);
    await("over")
        .atMost(PATIENCE)
        .until(
            () -> {
              caller.get("/api/orders");
              return JSON.readTree(admin.get("/outages").body()).path("open").isEmpty();
            });
    assertThat(admin.get("/recording?outage=none").status()).isEqualTo(404);
    String id =
        JSON.readTree(admin.get("/outages").body()).path("ended").path(0).path("id").asString("");
    await("the minute's last second")
        .atMost(Duration.ofSeconds(5))
        .until(() -> admin.get("/recording?outage=" + id).body().contains("resolved for"));
    String lines = admin.get("/recording?outage=" + id).body();
    assertThat(lines)
        .doesNotContain(stand.world().adminToken(), stand.world().storeKey(), "probe-of-the-demo");
    return Files.writeString(folder.resolve("outage.jsonl"), lines);
  }

  private Path patient(Path routes) throws IOException {
    String text = Files.readString(routes);
    return Files.writeString(
        routes.resolveSibling("patient.yaml"),
        text.replace(BREAKER, "breaker: { failures: 900, learning: { mode: off } }\n"));
  }

  private static JsonNode replayed(Path recording, Path routes) {
    StringWriter out = new StringWriter();
    StringWriter errors = new StringWriter();
    CommandLine line =
        SluiceCommand.line().setOut(new PrintWriter(out)).setErr(new PrintWriter(errors));
    int exit =
        SluiceCommand.run(
            line,
            "replay",
            recording.toString(),
            "--config",
            routes.toString(),
            "--format",
            "json");
    assertThat(exit).as(errors.toString()).isZero();
    return JSON.readTree(out.toString());
  }

  private static boolean replayed(JsonNode act, String kind, String subject, String what) {
    return act.has("replayed")
        && act.path("kind").asString("").equals(kind)
        && act.path("subject").asString("").equals(subject)
        && act.path("what").asString("").equals(what);
  }

  /** For ever where only one of both did it. */
  private static Duration apart(JsonNode act) {
    return act.has("recorded") && act.has("replayed")
        ? Duration.between(at(act, "recorded"), at(act, "replayed")).abs()
        : Duration.ofDays(1);
  }

  private static Instant at(JsonNode act, String member) {
    return Instant.parse(act.path(member).asString(""));
  }
}
