package dev.sluice.demo.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A child process with its descendants. */
record ProcessTree(Process root) {
  private static final long GONE_SECONDS = 10;

  /** The process and its descendants, itself first. */
  List<ProcessHandle> all() {
    List<ProcessHandle> all = new ArrayList<>(List.of(root.toHandle()));
    all.addAll(root.descendants().toList());
    return all;
  }

  /** Ends all processes with SIGKILL; frozen ones too. */
  void kill() {
    // A stopped process forks no child between the listing and the kill.
    stop();
    List<ProcessHandle> all = all();
    signal("KILL", all);
    awaitGone(all);
  }

  /** Lets all processes go on and asks the first to end the others and itself. */
  void interrupt() {
    List<ProcessHandle> all = all();
    signal("CONT", all);
    signal("INT", List.of(root.toHandle()));
    awaitGone(all);
  }

  /** Asks the first to end when it can. */
  void terminate() {
    signal("TERM", List.of(root.toHandle()));
  }

  void freeze() {
    stop();
    signal("STOP", all());
  }

  void thaw() {
    signal("CONT", all());
  }

  private void stop() {
    signal("STOP", List.of(root.toHandle()));
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

  private void awaitGone(List<ProcessHandle> all) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(GONE_SECONDS);
    // The child itself is waited for by this virtual machine, its descendants by init.
    while ((root.isAlive() || all.stream().anyMatch(ProcessTree::runs))
        && System.nanoTime() < end) {
      if (paused()) {
        Thread.onSpinWait();
      }
    }
    if (root.isAlive()) {
      throw new IllegalStateException("process " + root.pid() + " could not be ended");
    }
  }

  /** An ended process that nobody has waited for yet is none; init may take its time with that. */
  static boolean runs(ProcessHandle process) {
    if (!process.isAlive()) {
      return false;
    }
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException noSuchFolder) {
      return process.isAlive();
    }
  }

  /** Waits a moment; true when the first process has ended meanwhile. */
  boolean paused() {
    try {
      return root.waitFor(10, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }
}
