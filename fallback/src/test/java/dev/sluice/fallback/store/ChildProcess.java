package dev.sluice.fallback.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Java in a process of its own, with this test's classes. */
final class ChildProcess {
  private ChildProcess() {}

  static List<String> java(List<String> options, Class<?> main, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.addAll(options);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return command;
  }

  /** The same through a shell that does something first; {@code "$@"} stands for the command. */
  static List<String> shell(String script, List<String> command) {
    List<String> whole = new ArrayList<>(List.of("sh", "-c", script, "sh"));
    whole.addAll(command);
    return whole;
  }

  /** What it says on both outputs; it must end with this code. */
  static String run(int code, List<String> command) throws Exception {
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(child.exitValue()).as(said).isEqualTo(code);
      return said;
    } finally {
      child.destroyForcibly();
    }
  }

  /** Hands on each line that it writes, killing it (-9) after so many; the rest is read out. */
  static void killAfter(int lines, List<String> command, Path log, Consumer<String> line)
      throws Exception {
    Process child = new ProcessBuilder(command).redirectError(log.toFile()).start();
    try (BufferedReader output = child.inputReader(StandardCharsets.UTF_8)) {
      int read = 0;
      for (String next = output.readLine(); next != null; next = output.readLine()) {
        line.accept(next);
        if (++read == lines) {
          child.toHandle().destroyForcibly(); // kill -9 that leaves the pipe to be read out
        }
      }
      assertThat(read).isGreaterThanOrEqualTo(lines);
    } finally {
      child.destroyForcibly();
      assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }
}
