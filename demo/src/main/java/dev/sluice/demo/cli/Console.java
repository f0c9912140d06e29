package dev.sluice.demo.cli;

import dev.sluice.demo.fault.Mode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reads commands, a line each, and obeys them one after the other. The end of input ends nothing.
 */
final class Console {
  static final String HELP =
      """
        break MODE [db|all]  black-hole (packets vanish), refuse, silent (accepts, never answers),
                             reset, close, cut (within a session), late, slow or lossy; db is the
                             database alone, all the network with its control
        kill | stop          ends PostgreSQL as a crash or as an administrator does
        heal                 mends everything
        drop-table           a migration goes wrong; restore-table takes it back
        status               where everything stands
        quit                 ends everything (so does Ctrl-C)"""
          .indent(2)
          .stripTrailing();

  private static final String BREAK =
      "Type break black-hole, refuse, silent, reset, close, cut, late, slow or lossy, then db or all.";

  private final Levers levers;
  private final Supplier<String> status;
  private final Consumer<String> say;
  private final Runnable quit;

  Console(Levers levers, Supplier<String> status, Consumer<String> say, Runnable quit) {
    this.levers = levers;
    this.status = status;
    this.say = say;
    this.quit = quit;
  }

  /** Reads in a thread of its own, which ends with the input. */
  void read(InputStream in) {
    Thread reader = new Thread(() -> readAll(in), "demo-console");
    reader.setDaemon(true);
    reader.start();
  }

  private void readAll(InputStream in) {
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, Charset.defaultCharset()));
    try {
      awaitForeground();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        obey(line);
        awaitForeground();
      }
    } catch (IOException e) {
      say.accept("Commands are not read any more: " + e.getMessage());
    }
  }

  private static void awaitForeground() {
    while (!Foreground.now()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
    }
  }

  void obey(String line) {
    String[] words = line.strip().toLowerCase(Locale.ROOT).split("\\s+");
    if (words[0].isEmpty()) {
      return;
    }
    try {
      say.accept(answer(words));
    } catch (RuntimeException e) {
      say.accept("That failed: " + e.getMessage());
    }
  }

  private String answer(String[] words) {
    return switch (words[0]) {
      case "help" -> HELP;
      case "break" -> breakPath(Arrays.asList(words));
      case "kill" -> levers.kill();
      case "stop" -> levers.stop();
      case "heal" -> levers.heal();
      case "drop-table" -> levers.dropTable();
      case "restore-table" -> levers.restoreTable();
      case "status" -> status.get();
      case "quit", "exit" -> {
        quit.run();
        yield "Ending ...";
      }
      default -> "There is no command " + words[0] + "; help lists them.";
    };
  }

  private String breakPath(List<String> words) {
    Optional<Mode> mode =
        Arrays.stream(Mode.values())
            .filter(m -> m != Mode.PASS && words.contains(Levers.label(m)))
            .findFirst();
    boolean all = words.contains("all");
    int understood = 1 + (mode.isPresent() ? 1 : 0) + (all || words.contains("db") ? 1 : 0);
    return mode.isPresent() && understood == words.size()
        ? levers.breakPath(mode.get(), all)
        : BREAK;
  }
}
