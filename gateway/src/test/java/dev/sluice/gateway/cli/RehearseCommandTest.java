package dev.sluice.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RehearseCommandTest {
  @Test
  void aRehearsalSucceedsAndLeavesNothing() throws IOException {
    List<Path> before = folders();
    assertThat(SluiceCommand.run(SluiceCommand.line(), "rehearse")).isEqualTo(Exit.OK);
    assertThat(folders()).isEqualTo(before);
  }

  private static List<Path> folders() throws IOException {
    try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return all.filter(path -> path.getFileName().toString().startsWith("sluice-rehearsal-"))
          .sorted()
          .toList();
    }
  }
}
