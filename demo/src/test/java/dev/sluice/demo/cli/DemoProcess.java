package dev.sluice.demo.cli;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** The demo in a virtual machine and a process group of its own, with a temporary folder. */
final class DemoProcess implements AutoCloseable {
  private final Process process;
  private final BufferedWriter in;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private DemoProcess(Process process) {
    this.process = process;
    this.in = process.outputWriter(StandardCharsets.UTF_8);
    Thread reader = new Thread(this::collect, "demo-output");
    reader.setDaemon(true);
    reader.start();
  }

  static DemoProcess start(Path temporary, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                // Makes the process the leader of a group, so that its descendants can be told.
                "setsid",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                DemoMain.class.getName(),
                "demo"));
    command.addAll(Arrays.asList(arguments));
    return new DemoProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  private void collect() {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      out.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      lines.add("its output ended: " + e.getMessage());
    }
  }

  /** What it has printed, on both streams. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  String text() {
    return String.join("\n", lines);
  }

  void type(String line) throws IOException {
    in.write(line);
    in.newLine();
    in.flush();
  }

  void endInput() throws IOException {
    in.close();
  }

  /** SIGTERM, as from a user or a platform; the output can still be read. */
  void terminate() {
    process.toHandle().destroy();
  }

  boolean alive() {
    return process.isAlive();
  }

  int exitCode() {
    return process.exitValue();
  }

  /** The processes of its group that still run, each with its command line. */
  List<String> group() {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(path -> path.getFileName().toString().matches("[0-9]+"))
          .flatMap(path -> mine(path).stream())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Field 5 of the line is the process group, the third after the name in parentheses. */
  private Optional<String> mine(Path path) {
    try {
      String stat = Files.readString(path.resolve("stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      boolean zombie = fields[0].equals("Z");
      return !zombie && fields[2].equals(Long.toString(process.pid()))
          ? Optional.of(stat)
          : Optional.empty();
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
