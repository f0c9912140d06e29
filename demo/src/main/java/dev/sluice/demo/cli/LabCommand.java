package dev.sluice.demo.cli;

import dev.sluice.demo.fleet.FleetCourse;
import dev.sluice.demo.lab.Catalogue;
import dev.sluice.demo.lab.Laboratory;
import dev.sluice.demo.lab.OwnNetwork;
import dev.sluice.demo.postgres.Leftovers;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lab}: breaks real parts in every known way and holds the verdicts against the truth. */
@Command(
    name = "lab",
    mixinStandardHelpOptions = true,
    description = "Breaks real parts in every known way and holds the verdicts against the truth.")
final class LabCommand implements Callable<Integer> {
  private static final int MOST_ROUNDS = 100;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--list", description = "Prints the faults and ends.")
  private boolean list;

  @Option(names = "--fault", description = "Only this fault; may be given several times.")
  private List<String> faults = List.of();

  @Option(names = "--quick", description = "Only the short selection that every build runs.")
  private boolean quick;

  @Option(names = "--rounds", description = "How often each fault is tried: 3.")
  private int rounds = 3;

  @Option(names = "--width", description = "How many are tried at once: 6.")
  private int width = 6;

  @Option(names = "--report", description = "A folder for report.txt and report.json.")
  private @Nullable Path report;

  @Option(
      names = "--fleet",
      description = "Instead: so many gateways on one store, an outage and its end; 3 to 40.")
  private int fleet;

  @Option(names = "--seed", description = "Draws moments of the --fleet: 1.")
  private long seed = 1;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (fleet != 0) {
      demand(fleet >= 3 && fleet <= 40, "--fleet is from 3 to 40");
      return together(out);
    }
    if (list) {
      Catalogue.lines().forEach(out::println);
      return 0;
    }
    demand(rounds >= 1 && rounds <= MOST_ROUNDS, "--rounds is from 1 to " + MOST_ROUNDS);
    demand(width >= 1 && width <= 32, "--width is from 1 to 32");
    for (String id : faults) {
      demand(Catalogue.knows(id), "There is no fault " + id + "; --list shows them.");
    }
    OptionalInt ended =
        OwnNetwork.run(DemoMain.class, spec.commandLine().getParseResult().originalArgs());
    if (ended.isPresent()) {
      return ended.getAsInt();
    }
    Logs.into(Leftovers.folder("sluice-lab-"));
    return Laboratory.run(new Laboratory.Order(faults, quick, rounds, width, report), out) ? 0 : 1;
  }

  private int together(PrintWriter out) {
    Path folder = Leftovers.folder("sluice-fleet-");
    Logs.into(folder);
    List<String> broken =
        FleetCourse.run(
            folder,
            fleet,
            seed,
            line -> {
              out.println(line);
              out.flush();
            });
    broken.forEach(each -> out.println("BROKEN: " + each));
    out.println(broken.isEmpty() ? "every bar holds" : broken.size() + " bars are broken");
    out.flush();
    return broken.isEmpty() ? 0 : 1;
  }

  private void demand(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }
}
