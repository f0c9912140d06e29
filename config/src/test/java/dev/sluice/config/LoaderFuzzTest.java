package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever stands in a file, a load ends in a configuration or in errors with places. */
class LoaderFuzzTest {
  private static final int ROUNDS = 3000;
  private static final Map<String, String> ENVIRONMENT = Map.of("E", "fr0m-outside{[&", "X", "80");
  private static final List<String> MORSELS =
      List.of(
          "[",
          "]",
          "{",
          "}",
          ":",
          "- ",
          "\n",
          "  ",
          "\t",
          "&a ",
          "*a",
          "!!int ",
          "!<x> ",
          "${",
          "${X}",
          "${E:",
          "$$",
          "'",
          "\"",
          "|",
          ">",
          "#",
          "---",
          "...",
          "? ",
          "%",
          "\u0000",
          "\ufeff",
          "\ud83d\ude00",
          "99999999999999999999",
          "-1",
          "1e9",
          "null",
          "~",
          "jdbc:",
          "sqlite:",
          "postgres://",
          "http://[",
          "tcp://:",
          "/**",
          "/*",
          "..",
          "header(",
          "jwt(",
          "0s",
          "999999999h",
          "999999999GiB",
          "<<: ");

  @TempDir Path folder;

  @Test
  void neverThrows() throws IOException {
    List<byte[]> seeds = seeds();
    for (int round = 0; round < ROUNDS; round++) {
      Random random = new Random(round);
      byte[] text = mutated(seeds.get(random.nextInt(seeds.size())), random);
      Path file = Files.write(folder.resolve("fuzz.yaml"), text);
      try {
        LoadResult result = ConfigurationLoader.load(List.of(file), ENVIRONMENT::get);
        check(result);
      } catch (RuntimeException | StackOverflowError | AssertionError e) {
        throw new AssertionError(
            "seed " + round + ":\n" + new String(text, StandardCharsets.UTF_8), e);
      }
    }
  }

  private void check(LoadResult result) throws IOException {
    assertThat(result.configuration() == null).isEqualTo(!result.errors().isEmpty());
    assertThat(result.problems())
        .allSatisfy(
            problem -> {
              assertThat(problem.toString()).doesNotContain("fr0m-outside").doesNotContain("\n");
              assertThat(problem.place().file()).endsWith("fuzz.yaml");
              assertThat(problem.place().line()).isPositive();
              assertThat(problem.place().column()).isPositive();
            });
    if (result.configuration() != null) {
      Path again = Files.writeString(folder.resolve("again.yaml"), EffectiveYaml.print(result));
      assertThat(EffectiveYaml.print(result)).doesNotContain("fr0m-outside");
      assertThat(ConfigurationLoader.load(List.of(again), ENVIRONMENT::get).errors())
          .allSatisfy(LoaderFuzzTest::isOfAMask);
    }
  }

  /** A secret that stands in the file itself is printed as a mask, which is no key. */
  private static void isOfAMask(Problem problem) {
    assertThat(problem.message())
        .matches(
            "(the store's key is not|an old key is not|without a store key|the key that|a receiver's key is|url must be an http or).*");
  }

  private static List<byte[]> seeds() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src/test/resources"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
        seeds.add(Files.readAllBytes(file));
      }
    }
    return seeds;
  }

  private static byte[] mutated(byte[] seed, Random random) {
    StringBuilder text = new StringBuilder(new String(seed, StandardCharsets.UTF_8));
    for (int i = 1 + random.nextInt(5); i > 0; i--) {
      int at = random.nextInt(text.length() + 1);
      int end = Math.min(text.length(), at + random.nextInt(12));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(at, end);
        case 1 -> text.insert(at, MORSELS.get(random.nextInt(MORSELS.size())));
        case 2 -> text.replace(at, end, MORSELS.get(random.nextInt(MORSELS.size())));
        default -> text.insert(at, text.substring(at, end));
      }
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0 && random.nextInt(10) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  /** A parser that reads piece by piece may take it apart. */
  @Test
  void aPairOfSurrogatesIsReadWhereverItIs() throws IOException {
    for (int before = 1_000; before < 1_050; before++) {
      String text = "#" + "x".repeat(before) + "\ud83d\ude00\nroutes: []\nbackends: []\n";
      Path file = Files.writeString(folder.resolve("fuzz.yaml"), text);
      assertThat(ConfigurationLoader.load(List.of(file), name -> null).errors())
          .allSatisfy(problem -> assertThat(problem.place().line()).isGreaterThan(1));
    }
  }

  @Test
  void deepNestingIsAProblem() throws IOException {
    Path file = Files.writeString(folder.resolve("fuzz.yaml"), "routes: " + "[".repeat(100_000));

    LoadResult result = ConfigurationLoader.load(List.of(file), name -> null);

    assertThat(result.errors())
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).isEqualTo("nested deeper than 24"));
  }
}
