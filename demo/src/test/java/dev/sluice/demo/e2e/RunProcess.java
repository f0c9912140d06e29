package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.cli.SluiceCommand;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A command of the gateway in a process of its own, as the launcher starts it. */
final class RunProcess implements AutoCloseable {
  private final Process process;
  private final long begun = System.nanoTime();

  private RunProcess(Process process) {
    this.process = process;
  }

  /** The command {@code run} on a route file. */
  static RunProcess run(String classPath, List<String> options, Path routes) throws IOException {
    return start(classPath, options, "run", "--config", routes.toString());
  }

  /** What it prints goes to the test's report. */
  static RunProcess start(String classPath, List<String> options, String... arguments)
      throws IOException {
    List<String> command = command("WARN", classPath, options, arguments);
    return new RunProcess(new ProcessBuilder(command).inheritIO().start());
  }

  /** One that says all that it ever says, into a file. */
  static RunProcess talking(Path log, String... arguments) throws IOException {
    List<String> command = command("DEBUG", classes(), List.of(), arguments);
    return new RunProcess(
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start());
  }

  private static List<String> command(
      String level, String classPath, List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-DSLUICE_LOG=" + level, "-cp", classPath));
    command.add(SluiceCommand.class.getName());
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  /** The class path of this test. */
  static String classes() {
    return System.getProperty("java.class.path");
  }

  /**
   * The same in jars alone, as an archive of classes needs it; folders are packed into this one.
   */
  static String jars(Path folder) {
    int[] count = {0};
    return Arrays.stream(classes().split(File.pathSeparator))
        .map(Path::of)
        .filter(Files::exists)
        .map(
            path -> Files.isDirectory(path) ? jar(path, folder.resolve(count[0]++ + ".jar")) : path)
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Path jar(Path classes, Path jar) {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Since the process was forked. */
  Duration age() {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  boolean alive() {
    return process.isAlive();
  }

  /** SIGTERM, as from a platform. */
  void terminate() {
    process.toHandle().destroy();
  }

  /** Its exit code, which must come within this time. */
  int exit(Duration atMost) {
    try {
      assertThat(process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS))
          .as("ended within " + atMost)
          .isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
