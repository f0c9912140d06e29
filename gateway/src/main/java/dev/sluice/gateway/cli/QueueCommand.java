package dev.sluice.gateway.cli;

import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code queue}: looks at the held writes, and puts right what only an operator can. */
@Command(
    name = "queue",
    mixinStandardHelpOptions = true,
    description =
        "Works on the store, or with --admin on a running gateway. What changes an embedded store"
            + " needs its gateway stopped, or --admin.")
final class QueueCommand implements Runnable {
  private static final int LISTED = 1000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: list, show, retry, discard, verify or rekey");
  }

  @Command(name = "list", description = "The oldest held writes.", mixinStandardHelpOptions = true)
  int list(@Mixin QueuePlace place) {
    return at(
        place,
        false,
        held -> {
          held.counts().forEach((state, n) -> out().printf("%-11s %d%n", state, n));
          held.list(LISTED).forEach(write -> out().println(write.line()));
          return Exit.OK;
        });
  }

  @Command(name = "show", description = "One write.", mixinStandardHelpOptions = true)
  int show(@Mixin QueuePlace place) {
    String id = place.id(spec.commandLine());
    return at(
        place,
        true,
        held -> {
          Optional<Shown> found = held.find(id);
          if (found.isEmpty()) {
            errors().println("sluice: no write has the id " + id);
            return Exit.FAILED;
          }
          out().println(found.get().details());
          return Exit.OK;
        });
  }

  @Command(name = "verify", description = "Checks every record.", mixinStandardHelpOptions = true)
  int verify(@Mixin QueuePlace place) {
    return at(
        place,
        false,
        held -> {
          String problem = held.verify();
          out().println(problem == null ? "every record is whole" : problem);
          return problem == null ? Exit.OK : Exit.FAILED;
        });
  }

  @Command(
      name = "retry",
      description = "Queues an ended write again.",
      mixinStandardHelpOptions = true)
  int retry(@Mixin QueuePlace place) {
    String id = place.id(spec.commandLine());
    return at(place, true, held -> done(held.retry(id)));
  }

  @Command(
      name = "discard",
      description = "Withdraws a waiting write, or lets those go on that an ended one holds up.",
      mixinStandardHelpOptions = true)
  int discard(@Mixin QueuePlace place) {
    String id = place.id(spec.commandLine());
    return at(place, true, held -> done(held.discard(id)));
  }

  @Command(
      name = "rekey",
      description = "Seals every record with store.key that an older key sealed, or none.",
      mixinStandardHelpOptions = true)
  int rekey(@Mixin QueuePlace place) {
    return at(
        place,
        false,
        held -> {
          out().printf("%d records sealed anew%n", held.rekey());
          return Exit.OK;
        });
  }

  private int done(boolean done) {
    out().println(done ? "done" : "its state does not allow that, or no write has this id");
    return done ? Exit.OK : Exit.FAILED;
  }

  private interface Work {
    int on(Held held);
  }

  private int at(QueuePlace place, boolean withId, Work work) {
    try (Held held = place.open(spec.commandLine(), withId)) {
      return held == null ? Exit.USAGE : work.on(held);
    } catch (Held.Unreachable e) {
      errors().println("sluice: " + e.getMessage());
      return Exit.FAILED;
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter errors() {
    return spec.commandLine().getErr();
  }
}
