package dev.sluice.demo.fleet;

import dev.sluice.demo.postgres.Leftovers;
import dev.sluice.demo.tour.Caller;
import dev.sluice.gateway.cli.SluiceCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One gateway in a process of its own, as the launcher starts it, with little memory. */
final class Instance {
  private static final Pattern PORT = Pattern.compile("sluice listens on 127\\.0\\.0\\.1:(\\d+)");
  private static final Pattern ADMIN =
      Pattern.compile("status page: http://127\\.0\\.0\\.1:(\\d+)");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final Path log;
  private volatile int port;
  private volatile int adminPort;
  private volatile boolean frozen;

  private Instance(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts one; it is not waited for.
   *
   * @param log what it prints
   */
  static Instance start(Path routes, Path log) {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx96m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-DSLUICE_LOG=INFO",
            "-cp",
            System.getProperty("java.class.path"),
            SluiceCommand.class.getName(),
            "run",
            "--config",
            routes.toString());
    Process process =
        Leftovers.keep(
            () ->
                new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start(),
            Process::destroyForcibly);
    return new Instance(process, log);
  }

  /** Until it listens. */
  void await() {
    Waiting.until("a gateway listens; its log is " + log, PATIENCE, this::listens);
  }

  private boolean listens() {
    try {
      String said = Files.readString(log);
      port = found(PORT, said);
      adminPort = found(ADMIN, said);
      if (!process.isAlive()) {
        throw new IllegalStateException("a gateway ended at its start: " + said);
      }
      return port > 0 && adminPort > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int found(Pattern pattern, String said) {
    Matcher matcher = pattern.matcher(said);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  /** Speaks to its operators' port. */
  Caller operator() {
    return new Caller(() -> adminPort);
  }

  int port() {
    return port;
  }

  /** Whether it can answer at all. */
  boolean answers() {
    return process.isAlive() && !frozen;
  }

  /** SIGKILL. */
  void kill() {
    Leftovers.drop(process);
    process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** SIGSTOP. */
  void freeze() {
    frozen = true;
    signal("STOP");
  }

  /** SIGCONT. */
  void thaw() {
    signal("CONT");
    frozen = false;
  }

  private void signal(String name) {
    try {
      Process kill =
          new ProcessBuilder("sh", "-c", "kill -s \"$0\" \"$1\"", name, "" + process.pid()).start();
      kill.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
