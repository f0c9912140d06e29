package dev.sluice.demo.e2e;

import dev.sluice.gateway.cli.SluiceCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A command of the gateway in a process of its own, to its end. */
final class CommandProcess {
  private CommandProcess() {}

  /** What it said, on both channels, and its exit code. */
  record Ended(int exit, String output) {}

  /**
   * Runs it; what it says goes to the test's report as well.
   *
   * @param environment more of it than this process has
   */
  static Ended run(Map<String, String> environment, List<String> arguments) throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-DSLUICE_LOG=WARN",
                "-cp",
                System.getProperty("java.class.path"),
                SluiceCommand.class.getName()));
    words.addAll(arguments);
    ProcessBuilder command = new ProcessBuilder(words).redirectErrorStream(true);
    command.environment().putAll(environment);
    Process process = command.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    System.out.println(said);
    return new Ended(process.onExit().join().exitValue(), said);
  }
}
