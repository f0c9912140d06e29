package dev.sluice.gateway.cli;

import dev.sluice.config.Configuration;
import dev.sluice.config.Store;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.store.SqliteStore;
import dev.sluice.fallback.store.StoreInspection;
import dev.sluice.gateway.app.Clocks;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code queue}: looks at the held writes, and puts right what only an operator can. */
@Command(
    name = "queue",
    mixinStandardHelpOptions = true,
    description = "Works on the store. retry and discard need a gateway that is not running.")
final class QueueCommand implements Runnable {
  private static final int LISTED = 1000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: list, show, retry, discard or verify");
  }

  @Command(name = "list", description = "The oldest held writes.", mixinStandardHelpOptions = true)
  int list(@Mixin RouteFiles files) {
    return look(
        files.loadOrTell(errors()),
        store -> {
          PrintWriter out = spec.commandLine().getOut();
          store.counts().forEach((state, n) -> out.printf("%-11s %d%n", state, n));
          store.list(EnumSet.allOf(WriteState.class), LISTED).forEach(w -> out.println(line(w)));
          return Exit.OK;
        });
  }

  @Command(name = "show", description = "One write.", mixinStandardHelpOptions = true)
  int show(@Mixin ChosenWrite chosen) {
    String id = chosen.id(spec.commandLine());
    return look(
        chosen.loadOrTell(errors()),
        store -> {
          Optional<QueuedWrite> found = store.find(id);
          if (found.isEmpty()) {
            errors().println("sluice: no write has the id " + id);
            return Exit.FAILED;
          }
          PrintWriter out = spec.commandLine().getOut();
          out.println(line(found.get()));
          out.println("attempts " + found.get().attempts());
          out.println("expires  " + found.get().expiresAt());
          out.println("error    " + found.get().lastError());
          out.println("answer   " + found.get().answer());
          return Exit.OK;
        });
  }

  @Command(name = "verify", description = "Checks every record.", mixinStandardHelpOptions = true)
  int verify(@Mixin RouteFiles files) {
    return look(
        files.loadOrTell(errors()),
        store -> {
          String problem = store.verify();
          spec.commandLine().getOut().println(problem == null ? "every record is whole" : problem);
          return problem == null ? Exit.OK : Exit.FAILED;
        });
  }

  @Command(
      name = "retry",
      description = "Queues an ended write again.",
      mixinStandardHelpOptions = true)
  int retry(@Mixin ChosenWrite chosen) {
    return change(chosen, true);
  }

  @Command(
      name = "discard",
      description = "Withdraws a waiting write.",
      mixinStandardHelpOptions = true)
  int discard(@Mixin ChosenWrite chosen) {
    return change(chosen, false);
  }

  private interface Look {
    int at(StoreInspection store);
  }

  private int look(@Nullable Configuration configuration, Look look) {
    Store store = store(configuration);
    if (store == null) {
      return Exit.USAGE;
    }
    try (StoreInspection inspection = SqliteStore.inspect(store)) {
      return look.at(inspection);
    }
  }

  private int change(ChosenWrite chosen, boolean again) {
    String id = chosen.id(spec.commandLine());
    Store config = store(chosen.loadOrTell(errors()));
    if (config == null) {
      return Exit.USAGE;
    }
    try (SqliteStore store = SqliteStore.open(config, Clocks.instants())) {
      boolean done =
          (again ? store.requeue(id, Duration.ofHours(24)) : store.discard(id))
              .orTimeout(30, TimeUnit.SECONDS)
              .join();
      spec.commandLine()
          .getOut()
          .println(done ? "done" : "its state does not allow that, or no write has this id");
      return done ? Exit.OK : Exit.FAILED;
    }
  }

  private PrintWriter errors() {
    return spec.commandLine().getErr();
  }

  private @Nullable Store store(@Nullable Configuration configuration) {
    if (configuration != null && configuration.store() == null) {
      errors().println("sluice: the route files name no store");
    }
    return configuration == null ? null : configuration.store();
  }

  private static String line(QueuedWrite write) {
    return write.id()
        + "  "
        + write.state()
        + "  "
        + write.request().method()
        + " "
        + write.request().target()
        + "  "
        + write.createdAt();
  }
}
