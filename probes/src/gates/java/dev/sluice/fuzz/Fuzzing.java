package dev.sluice.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Tries inputs on a target: a class with {@code public static void fuzzerTestOneInput(byte[])},
 * which throws where something does not hold. What was found once stays in {@code
 * src/test/resources/fuzz/TARGET} and is tried by every build; the rest is Jazzer's, in a process
 * of its own, for as many minutes as the property {@value #MINUTES} says.
 */
public final class Fuzzing {
  static final String MINUTES = "fuzz.minutes";
  private static final int SLACK = 3;

  private Fuzzing() {}

  /** Tries each input that is kept. */
  public static void kept(Class<?> target) throws Exception {
    Method one = target.getMethod("fuzzerTestOneInput", byte[].class);
    List<Path> inputs = inputs(seeds(target));
    assertThat(inputs).as("inputs of " + target.getSimpleName()).isNotEmpty();
    for (Path input : inputs) {
      try {
        one.invoke(null, (Object) Files.readAllBytes(input));
      } catch (InvocationTargetException e) {
        throw new AssertionError(input + ": " + e.getCause(), e.getCause());
      }
    }
  }

  /** Tries what has not been tried yet, led by the target's own package. */
  public static void fresh(Class<?> target) throws Exception {
    fresh(target, target.getPackageName() + ".**");
  }

  /**
   * The same, led by other classes.
   *
   * @param leading whose branches are counted, such as {@code org.example.**}; Jazzer 0.24 breaks
   *     records whose constructor is a compact one
   */
  public static void fresh(Class<?> target, String leading) throws Exception {
    Path work = Files.createDirectories(Path.of("target", "fuzz", target.getSimpleName()));
    Path corpus = Files.createDirectories(work.resolve("corpus"));
    Path log = work.resolve("log.txt");
    int minutes = Integer.getInteger(MINUTES, 60);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:-PrintWarnings",
                "-cp",
                classes(),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(),
                "--instrumentation_includes=" + leading,
                "--custom_hook_includes=" + leading,
                "--reproducer_path=" + work,
                "-artifact_prefix=" + work + "/",
                "-max_total_time=" + 60 * minutes,
                "-max_len=4096",
                "-rss_limit_mb=3000",
                "-print_final_stats=1",
                corpus.toString(),
                seeds(target).toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(minutes + SLACK, TimeUnit.MINUTES)).as(() -> end(log)).isTrue();
      assertThat(process.exitValue()).as(() -> end(log)).isZero();
      System.out.println(target.getSimpleName() + ": " + tried(log));
    } finally {
      process.destroyForcibly();
    }
  }

  private static String classes() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private static Path seeds(Class<?> target) {
    return Path.of("src", "test", "resources", "fuzz", target.getSimpleName());
  }

  private static List<Path> inputs(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static String end(Path log) {
    List<String> lines = lines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
  }

  private static String tried(Path log) {
    return lines(log).stream()
        .filter(line -> line.contains("number_of_executed_units"))
        .findFirst()
        .orElse("nothing was tried");
  }

  private static List<String> lines(Path log) {
    try {
      return Files.readAllLines(log, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return List.of(e.toString());
    }
  }
}
