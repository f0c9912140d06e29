package dev.sluice.gateway.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.probes.validation.Outcome;
import dev.sluice.probes.validation.Step;
import dev.sluice.probes.validation.Suite;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GatewayStepsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private String health = "{\"status\":\"pass\"}";
  private String outages = "{\"open\":[]}";
  private final Deque<Integer> waiting = new ArrayDeque<>(List.of(0));

  private JsonNode answer(String path) {
    return JSON.readTree(
        switch (path) {
          case "/health" -> health;
          case "/outages" -> outages;
          default ->
              "{\"counts\":{\"queued\":%d,\"succeeded\":7}}"
                  .formatted(waiting.size() > 1 ? waiting.pop() : waiting.peek());
        });
  }

  private List<Step> steps() {
    return new GatewaySteps(this::answer, System::nanoTime).run();
  }

  @Test
  void aGatewayThatIsWellPasses() {
    assertThat(steps()).hasSize(3).allMatch(step -> step.outcome() == Outcome.PASSED);
  }

  @Test
  void aMereAnswerIsNoPass() {
    health = "{}";
    assertThat(steps().get(0).outcome()).isEqualTo(Outcome.FAILED);
    health = "{\"status\":\"warn\"}";
    assertThat(steps().get(0).sentence()).isEqualTo("status: warn");
    assertThat(steps().get(0).outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void anOpenOutageFails() {
    outages = "{\"open\":[{\"id\":\"o-1\"}]}";
    assertThat(steps().get(1).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(steps().get(1).sentence()).isEqualTo("open still: o-1");
  }

  @Test
  void aReplayThatIsStuckFailsAndOneThatMovesProvesNothingYet() {
    waiting.clear();
    waiting.addAll(List.of(9, 9, 9, 9, 9, 9));
    assertThat(steps().get(2).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(steps().get(2).sentence()).isEqualTo("9 held writes wait, and none moves");
    waiting.clear();
    waiting.addAll(List.of(9, 8, 7, 6, 5, 4));
    assertThat(steps().get(2).outcome()).isEqualTo(Outcome.UNPROVEN);
    waiting.clear();
    waiting.addAll(List.of(9, 3, 0));
    assertThat(steps().get(2).outcome()).isEqualTo(Outcome.PASSED);
  }

  @Test
  void reportsEscapeWhatServersSay() {
    Step bad =
        Step.of("ladder", "db", Outcome.FAILED, "it says \"<b>\" & ends", Duration.ofSeconds(1));
    Step open = Step.of("health", "app", Outcome.UNPROVEN, "no status", Duration.ZERO);
    Validated validated =
        new Validated(
            "test", Suite.QUICK, Instant.EPOCH, Duration.ofSeconds(2), List.of(open, bad));
    assertThat(validated.sentence()).isEqualTo("not fixed: ladder of db: it says \"<b>\" & ends");
    assertThat(Reports.xml(validated))
        .contains("failures=\"1\" errors=\"1\"")
        .contains("<failure message=\"it says &quot;&lt;b&gt;&quot; &amp; ends\"/>");
    assertThat(Reports.html(validated))
        .contains("<td class=failed>failed<td>it says &quot;&lt;b&gt;&quot;")
        .doesNotContain("<b>");
  }
}
