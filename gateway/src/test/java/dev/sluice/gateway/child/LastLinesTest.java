package dev.sluice.gateway.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class LastLinesTest {
  private final LastLines lines = new LastLines(UnaryOperator.identity());

  private void add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    lines.add(bytes, bytes.length);
  }

  @Test
  void theLastFiftyAreKeptHoweverTheyArrive() {
    for (int i = 0; i < 120; i++) {
      add("li");
      add("ne " + i + "\r\n\n");
    }
    add("cut off");
    assertThat(lines.all()).hasSize(50).startsWith("line 71").endsWith("line 119", "cut off");
  }

  @Test
  void aStreamWithoutLinesTakesNoMemory() {
    byte[] much = "x".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 100; i++) {
      lines.add(much, much.length);
    }
    assertThat(lines.all()).isEqualTo(List.of("x".repeat(LastLines.LONGEST)));
  }
}
