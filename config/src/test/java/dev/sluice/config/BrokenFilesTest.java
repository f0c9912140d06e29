package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every broken file ends in the problems that it must give, each as {@code # expect: ...}. */
class BrokenFilesTest {
  private static final Path BROKEN = Path.of("src/test/resources/broken");
  private static final String EXPECT = "# expect: ";

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(BROKEN)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyProblemHasItsPlaceAndItsMend(Path file) throws IOException {
    List<String> expected =
        Files.readAllLines(file).stream()
            .filter(line -> line.startsWith(EXPECT))
            .map(line -> line.substring(EXPECT.length()))
            .toList();

    LoadResult result =
        ConfigurationLoader.load(List.of(file), Map.of("SECRET_WORD", "hunter2", "BLANK", "")::get);

    assertThat(result.problems())
        .extracting(problem -> problem.toString().replace(file + ":", ""))
        .isEqualTo(expected)
        .noneMatch(text -> text.contains("hunter2"));
    assertThat(expected).isNotEmpty();
  }

  @Test
  void thereAreEnoughOfThem() throws IOException {
    assertThat(files()).hasSizeGreaterThan(12);
  }
}
