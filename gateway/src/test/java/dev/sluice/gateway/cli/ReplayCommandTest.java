package dev.sluice.gateway.cli;

import static dev.sluice.gateway.cli.Typed.typed;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four minutes, in the second and third of which nobody listens at the database. */
class ReplayCommandTest {
  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
  private static final String ROUTES =
      """
      environment: demo
      dependencies: [ { id: db, type: postgresql, url: "postgresql://u@127.0.0.1:5432/d", interval: %s } ]
      breaker: { failures: %d, learning: { mode: off } }
      backends: [ { id: orders, url: "http://127.0.0.1:8081", depends-on: [db] } ]
      routes: [ { id: read, match: { path: "/**" }, backend: orders } ]
      """;

  @TempDir private Path folder;

  private String routes(String interval, int failures) throws IOException {
    return Files.writeString(
            folder.resolve("routes-" + failures + ".yaml"), ROUTES.formatted(interval, failures))
        .toString();
  }

  private String recording() throws IOException {
    StringBuilder lines = new StringBuilder("{\"recording\":1}\n");
    for (int second = 0; second < 240; second++) {
      boolean down = second >= 60 && second < 180;
      String at = START.plusSeconds(second).toString();
      lines.append(
          """
          {"at":"%s","vantage":"shared","climb":{"target":"db","samples":[{"rung":"tcp","ok":%b,"millis":2%s}]}}
          {"at":"%s","to":"orders","needs":["db"],"%s":1}
          """
              .formatted(
                  at, !down, down ? ",\"signal\":\"refused\"" : "", at, down ? "own-error" : "ok"));
    }
    lines.append("{\"at\":\"%s\",\"breaker\":\"open\",\"subject\":\"db\"}\n".formatted(at(70)));
    lines.append("{\"at\":\"%s\",\"breaker\":\"open\",\"subject\":\"gone\"}\n".formatted(at(71)));
    return Files.writeString(folder.resolve("outage.jsonl"), lines).toString();
  }

  private static Instant at(int second) {
    return START.plusSeconds(second);
  }

  @Test
  void settingsThatWaitForMoreActLater() throws IOException {
    Typed quick = typed("replay", recording(), "--config", routes("5s", 3));
    assertThat(quick.exit()).as(quick.err()).isZero();
    assertThat(quick.out())
        .containsPattern("10:01:10\\.0 +10:01:0\\d\\.\\d +\\d\\.\\d s sooner +breaker db open")
        .containsPattern("10:01:11\\.0 +- +only recorded +breaker gone open")
        .containsPattern("- +10:0\\d:\\d\\d\\.\\d +only replayed +alert db firing for infrastr")
        .contains("recorded: 120 requests answered below 500, 120 failed, 0 kept");
    Typed slow = typed("replay", recording(), "--config", routes("5s", 30));
    assertThat(slow.out())
        .containsPattern("10:01:10\\.0 +10:01:[1-4]\\d\\.\\d +\\d+\\.\\d s later +breaker db open");
    assertThat(typed("replay", recording(), "--config", routes("5s", 30)))
        .as("the same again")
        .isEqualTo(slow);
  }

  @Test
  void whatIsNotRecordedOrNotNamedIsTold() throws IOException {
    Path other =
        Files.writeString(
            folder.resolve("other.yaml"),
            ROUTES.formatted("5s", 5).replace("id: db", "id: store").replace("[db]", "[store]"));
    Typed told = typed("replay", recording(), "--config", other.toString());
    assertThat(told.out())
        .contains("nothing is recorded of store", "the route files do not name db");
  }

  @Test
  void aFileThatIsNoRecordingIsRefusedInOneSentence() throws IOException {
    String routes = routes("5s", 5);
    Typed missing = typed("replay", folder.resolve("none").toString(), "--config", routes);
    assertThat(missing.exit()).isEqualTo(2);
    assertThat(missing.err()).contains("there is no file").hasLineCount(1);
    Typed other = typed("replay", routes, "--config", routes);
    assertThat(other.exit()).isEqualTo(2);
    assertThat(other.err()).contains("line 1 is no JSON").hasLineCount(1);
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThat(typed("replay", binary.toString(), "--config", routes).err()).contains("is no text");
  }

  @Test
  void programsAreToldAsWell() throws IOException {
    Typed told = typed("replay", recording(), "--config", routes("5s", 3), "--format", "json");
    assertThat(told.out()).contains("\"kind\" : \"breaker\"", "\"failed\" : 120");
  }
}
