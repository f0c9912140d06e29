package dev.sluice.demo.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One run of the server: a process in the foreground and its descendants. */
final class Postmaster {
  private static final long READY_SECONDS = 60;

  /** Words of the pid file; a standby that takes no connections never says ready. */
  private static final Set<String> READY = Set.of("ready", "standby");

  private final Process process;
  private final ProcessTree tree;

  private Postmaster(Process process) {
    this.process = process;
    this.tree = new ProcessTree(process);
  }

  /** Starts the server and returns when it accepts connections. */
  static Postmaster start(List<String> command, Path data, Path log) {
    Postmaster postmaster =
        Leftovers.keep(
            () -> new Postmaster(Commands.start(command, log.toFile())), p -> p.tree.kill());
    try {
      postmaster.awaitReady(data.resolve("postmaster.pid"), log);
      return postmaster;
    } catch (RuntimeException e) {
      postmaster.kill();
      throw e;
    }
  }

  boolean alive() {
    return process.isAlive();
  }

  /** The postmaster and its descendants, the postmaster first. */
  List<ProcessHandle> processes() {
    return tree.all();
  }

  /** Ends all processes with SIGKILL; frozen ones too. */
  void kill() {
    Leftovers.drop(this);
  }

  /** Ends the server as an administrator would: sessions get 57P01. */
  void stopFast() {
    tree.interrupt();
    Leftovers.drop(this);
  }

  /** Asks the server to end once its sessions have ended: new ones get 57P03 until then. */
  void stopSmart() {
    tree.terminate();
  }

  void freeze() {
    tree.freeze();
  }

  void thaw() {
    tree.thaw();
  }

  private void awaitReady(Path pidFile, Path log) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
    while (!ready(pidFile)) {
      if (tree.paused()) {
        throw new IllegalStateException("PostgreSQL ended at its start: " + tail(log));
      }
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "PostgreSQL was not ready after " + READY_SECONDS + " s: " + tail(log));
      }
    }
  }

  private boolean ready(Path pidFile) {
    try {
      List<String> lines = Files.readAllLines(pidFile, StandardCharsets.UTF_8);
      return lines.size() >= 8
          && lines.get(0).strip().equals(Long.toString(process.pid()))
          && READY.contains(lines.get(7).strip());
    } catch (IOException absent) {
      return false;
    }
  }

  static String tail(Path log) {
    try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
      List<String> all = lines.toList();
      return String.join(" / ", all.subList(Math.max(0, all.size() - 5), all.size()));
    } catch (IOException e) {
      return "its log cannot be read";
    }
  }
}
