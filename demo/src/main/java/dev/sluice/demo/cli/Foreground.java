package dev.sluice.demo.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether the input may be read: the system stops a process in the background that reads its
 * terminal, and so a demo that was started with {@code &}.
 */
final class Foreground {
  private Foreground() {}

  static boolean now() {
    try {
      String input = Files.readSymbolicLink(Path.of("/proc/self/fd/0")).toString();
      boolean terminal = input.startsWith("/dev/pts/") || input.startsWith("/dev/tty");
      return !terminal || inFront(Files.readString(Path.of("/proc/self/stat")));
    } catch (IOException | UnsupportedOperationException unknown) {
      return true;
    }
  }

  /** Compares the process group with that of the terminal, fields 5 and 8 (proc_pid_stat(5)). */
  static boolean inFront(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    boolean ownsNoTerminal = fields[5].equals("-1");
    return ownsNoTerminal || fields[2].equals(fields[5]);
  }
}
