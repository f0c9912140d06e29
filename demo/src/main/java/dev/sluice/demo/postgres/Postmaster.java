package dev.sluice.demo.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One run of the server: a process in the foreground and its descendants. */
final class Postmaster {
  private static final long READY_SECONDS = 30;
  private static final long GONE_SECONDS = 10;

  private final Process process;

  private Postmaster(Process process) {
    this.process = process;
  }

  /** Starts the server and returns when it accepts connections. */
  static Postmaster start(List<String> command, Path data, Path log) {
    Postmaster postmaster = new Postmaster(Commands.start(command, log.toFile()));
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

  long pid() {
    return process.pid();
  }

  /** The postmaster and its descendants, the postmaster first. */
  List<ProcessHandle> tree() {
    List<ProcessHandle> all = new ArrayList<>(List.of(process.toHandle()));
    all.addAll(process.descendants().toList());
    return all;
  }

  /** Ends all processes with SIGKILL; frozen ones too. */
  void kill() {
    // A stopped postmaster forks no child between the listing and the kill.
    signal("STOP", List.of(process.toHandle()));
    List<ProcessHandle> all = tree();
    signal("KILL", all);
    awaitGone(all);
  }

  /** Ends the server as an administrator would: sessions get 57P01. */
  void stopFast() {
    List<ProcessHandle> all = tree();
    signal("CONT", all);
    signal("INT", List.of(process.toHandle()));
    awaitGone(all);
  }

  void freeze() {
    signal("STOP", List.of(process.toHandle()));
    signal("STOP", tree());
  }

  void thaw() {
    signal("CONT", tree());
  }

  private static void signal(String name, List<ProcessHandle> processes) {
    List<String> pids =
        processes.stream()
            .filter(ProcessHandle::isAlive)
            .map(handle -> Long.toString(handle.pid()))
            .toList();
    if (!pids.isEmpty()) {
      List<String> command = new ArrayList<>(List.of("sh", "-c", "kill -s \"$0\" \"$@\"", name));
      command.addAll(pids);
      Commands.run(command);
    }
  }

  private void awaitReady(Path pidFile, Path log) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
    while (!ready(pidFile)) {
      if (paused()) {
        throw new IllegalStateException("PostgreSQL ended at its start: " + tail(log));
      }
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "PostgreSQL was not ready after " + READY_SECONDS + " s: " + tail(log));
      }
    }
  }

  /** Waits a moment; true when the process has ended meanwhile. */
  private boolean paused() {
    try {
      return process.waitFor(10, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  private boolean ready(Path pidFile) {
    try {
      List<String> lines = Files.readAllLines(pidFile, StandardCharsets.UTF_8);
      return lines.size() >= 8
          && lines.get(0).strip().equals(Long.toString(process.pid()))
          && lines.get(7).strip().equals("ready");
    } catch (IOException absent) {
      return false;
    }
  }

  private void awaitGone(List<ProcessHandle> all) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(GONE_SECONDS);
    while (all.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < end) {
      if (paused()) {
        Thread.onSpinWait();
      }
    }
    if (process.isAlive()) {
      throw new IllegalStateException("PostgreSQL (process " + pid() + ") could not be ended");
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
