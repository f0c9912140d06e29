package dev.sluice.demo.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * As whom PostgreSQL runs, since it refuses root: an ordinary user runs it as is; root runs it as
 * nobody or, where that is not allowed or the folder is closed to nobody, in a user namespace. Both
 * prefixes end in exec, so that the process id stays the postmaster's.
 */
enum Runner {
  DIRECT("", 0),
  NOBODY("setpriv --reuid=65534 --regid=65534 --clear-groups", 65534),
  NAMESPACE("unshare -U", 0);

  private final String prefix;
  private final int owner;

  Runner(String prefix, int owner) {
    this.prefix = prefix;
    this.owner = owner;
  }

  /** The first that may write the data folder and run the program; owns the folder after that. */
  static Runner of(Path data, Path program) {
    if (!asRoot(data)) {
      return DIRECT;
    }
    for (Runner runner : List.of(NOBODY, NAMESPACE)) {
      runner.own(data);
      if (runner.suits(data, program)) {
        return runner;
      }
    }
    throw new IllegalStateException(
        "PostgreSQL refuses to run as root, and neither setpriv nor unshare -U works here: run this"
            + " as an ordinary user");
  }

  List<String> command(List<String> command) {
    List<String> all = new ArrayList<>();
    if (!prefix.isEmpty()) {
      all.addAll(List.of(prefix.split(" ")));
    }
    all.addAll(command);
    return all;
  }

  private boolean suits(Path data, Path program) {
    String test = "test -r \"$1\" && test -w \"$1\" && \"$2\" --version";
    return Commands.run(
            command(List.of("sh", "-c", test, "sh", data.toString(), program.toString())))
        == 0;
  }

  private void own(Path data) {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.toList()) {
        Files.setAttribute(file, "unix:uid", owner);
        Files.setAttribute(file, "unix:gid", owner);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The folder " + data + " could not change its owner", e);
    }
  }

  private static boolean asRoot(Path data) {
    try {
      Path probe = Files.createTempFile("sluice-user-", "");
      try {
        return Integer.valueOf(0).equals(Files.getAttribute(probe, "unix:uid"));
      } finally {
        Files.delete(probe);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The folder " + data + " cannot be written", e);
    }
  }
}
