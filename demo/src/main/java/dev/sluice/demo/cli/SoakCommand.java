package dev.sluice.demo.cli;

import dev.sluice.demo.postgres.Leftovers;
import dev.sluice.demo.proof.Account;
import dev.sluice.demo.proof.Proof;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code soak}: what users see of a database that is broken half of the time. */
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    description = {
      "Users read and write through a schedule of outages that fill half of the time. Every answer is",
      "held against what may be true, and in the end the database against what was acknowledged.",
      "Exit 0 where the bars hold: 99 % of all requests served, 99.9 % where they are fetched ahead,",
      "nothing lost, duplicated, reordered or wrong."
    })
final class SoakCommand implements Callable<Integer> {
  private static final int MOST = 600;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--minutes", description = "In all, the first one of warm-up: 6.")
  private int minutes = 6;

  @Option(names = "--seed", description = "Draws the outages and what users do: 1.")
  private long seed = 1;

  @Override
  public Integer call() throws InterruptedException {
    if (minutes < 2 || minutes > MOST) {
      throw new ParameterException(spec.commandLine(), "--minutes is from 2 to " + MOST);
    }
    PrintWriter out = spec.commandLine().getOut();
    Path folder = Leftovers.folder("sluice-soak-");
    Logs.into(folder);
    long begun = System.nanoTime();
    Account account =
        Proof.run(
            folder,
            Duration.ofMinutes(minutes),
            seed,
            line -> {
              out.printf("%4d s  %s%n", (System.nanoTime() - begun) / 1_000_000_000, line);
              out.flush();
            });
    out.print(account.text());
    List<String> broken = account.broken();
    broken.forEach(each -> out.println("BROKEN: " + each));
    out.println(broken.isEmpty() ? "every bar holds" : broken.size() + " bars are broken");
    out.flush();
    return broken.isEmpty() ? 0 : 1;
  }
}
