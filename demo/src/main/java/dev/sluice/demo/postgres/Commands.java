package dev.sluice.demo.postgres;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs short programs to their end, each under a deadline. */
final class Commands {
  private Commands() {}

  /** The exit status. The output goes to the file. The program ends with the virtual machine. */
  static int run(List<String> command, File output, long seconds) {
    ProcessTree tree =
        Leftovers.keep(() -> new ProcessTree(start(command, output)), ProcessTree::kill);
    try {
      return awaitEnd(tree.root(), command, seconds);
    } finally {
      Leftovers.drop(tree);
    }
  }

  /** The exit status of what takes a moment; 127 when the program is not there. */
  static int run(List<String> command) {
    try {
      Process process = prepare(command, new File("/dev/null")).start();
      try {
        return awaitEnd(process, command, 10);
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException missing) {
      return 127;
    }
  }

  private static int awaitEnd(Process process, List<String> command, long seconds) {
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        throw new IllegalStateException(command.get(0) + " took more than " + seconds + " s");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  static Process start(List<String> command, File output) {
    try {
      return prepare(command, output).start();
    } catch (IOException e) {
      throw new UncheckedIOException(command.get(0) + " could not be started", e);
    }
  }

  private static ProcessBuilder prepare(List<String> command, File output) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output));
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
    environment.put("LC_ALL", "C");
    return builder;
  }
}
