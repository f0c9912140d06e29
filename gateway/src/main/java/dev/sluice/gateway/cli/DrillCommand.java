package dev.sluice.gateway.cli;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Dependency;
import dev.sluice.gateway.app.Clocks;
import dev.sluice.gateway.validate.BelievedOutage;
import dev.sluice.gateway.validate.CutOutage;
import dev.sluice.gateway.validate.DrillSteps;
import dev.sluice.gateway.validate.Expected;
import dev.sluice.gateway.validate.FaultProxy;
import dev.sluice.gateway.validate.Outage;
import dev.sluice.gateway.validate.Visitor;
import dev.sluice.probes.validation.Outcome;
import dev.sluice.probes.validation.Ruling;
import dev.sluice.probes.validation.Step;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Mono;

/** {@code drill}: takes one dependency after the other to be down, and looks what routes do. */
@Command(
    name = "drill",
    mixinStandardHelpOptions = true,
    description = {
      "For each dependency: a gateway decides as if it were down. Reads must come from copies, writes",
      "be held and done afterwards in their order, health answer as declared. Dependencies and",
      "backends are left alone, but for a marked record that is removed again (validation.record).",
      "Without --admin a gateway is started for it, on this machine, that nobody else uses.",
      "With --cut the connection is really cut, for all that use it, by the fault proxies of",
      "validation.fault-proxies: the gateway must notice it, and blame the infrastructure.",
      "Exit 0 it holds, 1 it does not, 12 not proven."
    })
final class DrillCommand implements Callable<Integer> {
  private static final Duration WELL = Duration.ofSeconds(20);
  private static final Duration LOOKS = Duration.ofMillis(250);
  private static final Duration LONGEST = Duration.ofMinutes(2);

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private RouteFiles files = new RouteFiles();

  @Option(
      names = "--admin",
      paramLabel = "URL",
      description =
          "The admin port of a running gateway: the drill is made there, and its users see it. The"
              + " token comes from the variable SLUICE_ADMIN_TOKEN.")
  private @Nullable URI admin;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Where that gateway takes requests; as the files have it unless said.")
  private @Nullable URI url;

  @Option(names = "--dependency", paramLabel = "ID", description = "Only this one.")
  private @Nullable String dependency;

  @Option(
      names = "--cut",
      description =
          "Really, by fault proxies. With --admin it ends when clients of that gateway fail.")
  private boolean cut;

  @Option(names = "--yes-production", description = "Where the environment is production, too.")
  private boolean production;

  private final List<Step> steps = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    Configuration configuration = files.loadOrTell(spec.commandLine().getErr());
    if (configuration == null) {
      return Exit.USAGE;
    }
    String refusal = refusal(configuration);
    if (refusal != null) {
      spec.commandLine().getErr().println("sluice: " + refusal);
      return Exit.USAGE;
    }
    try {
      drill(configuration);
    } catch (Held.Unreachable e) {
      spec.commandLine().getErr().println("sluice: " + e.getMessage());
      return Exit.USAGE;
    }
    return told();
  }

  private @Nullable String refusal(Configuration configuration) {
    if (dependency != null && configuration.dependency(dependency).isEmpty()) {
      return "there is no dependency " + dependency + " in the route files";
    }
    if (configuration.dependencies().isEmpty()) {
      return "the route files name no dependency";
    }
    if (cut && drilled(configuration).isEmpty()) {
      return "validation.fault-proxies names none of these dependencies: nothing can be cut";
    }
    if (configuration.environment().equals("production") && !production) {
      return "the environment is production, as it is where no file says otherwise:"
          + " --yes-production drills there too";
    }
    return null;
  }

  private void drill(Configuration configuration) throws IOException {
    if (admin != null) {
      URI to = url == null ? DrillPlan.address(configuration.listen()) : url;
      if (to == null) {
        throw new ParameterException(
            spec.commandLine(), "the files leave the port to the system: --url says where it is");
      }
      drill(configuration, AdminPort.at(spec.commandLine(), admin), to);
      return;
    }
    if (url != null) {
      throw new ParameterException(spec.commandLine(), "--url goes with --admin");
    }
    try (DrillGateway own = DrillGateway.start(configuration)) {
      AdminPort port = own.admin();
      awaitWell(configuration, port);
      drill(configuration, port, own.url());
    }
  }

  /** A gateway that has just begun knows nothing yet. */
  private static void awaitWell(Configuration configuration, AdminPort port) {
    long begun = Clocks.nanos().getAsLong();
    while (!well(configuration, port) && Clocks.nanos().getAsLong() - begun < WELL.toNanos()) {
      Mono.delay(LOOKS).block();
    }
  }

  private static boolean well(Configuration configuration, AdminPort port) {
    var verdicts = port.said("GET", "/verdict").body().path("verdicts");
    return Stream.concat(
            configuration.dependencies().stream().map(Dependency::id),
            configuration.backends().stream().map(Backend::id))
        .allMatch(id -> verdicts.path(id).path("detail").asString("").equals("healthy"));
  }

  private void drill(Configuration configuration, AdminPort port, URI to) {
    DrillSteps drills =
        new DrillSteps(
            new Visitor(to),
            configuration.operation().validation().marked(),
            Clocks.nanos(),
            this::tell);
    for (String id : drilled(configuration)) {
      spec.commandLine().getOut().println("drill: without " + id);
      DrillPlan plan = DrillPlan.of(configuration, id);
      run(drills, id, plan.visited(), outage(configuration, port, id));
      plan.left().forEach(left -> spec.commandLine().getOut().println("  not visited: " + left));
    }
  }

  /** Ids of those that are wanted, and can be had. */
  private List<String> drilled(Configuration configuration) {
    Map<String, URI> proxies = configuration.operation().validation().faultProxies();
    return configuration.dependencies().stream()
        .map(Dependency::id)
        .filter(id -> dependency == null || dependency.equals(id))
        .filter(id -> !cut || proxies.containsKey(id))
        .toList();
  }

  private Outage outage(Configuration configuration, AdminPort port, String id) {
    URI proxy = configuration.operation().validation().faultProxies().get(id);
    return cut && proxy != null
        ? new CutOutage(port::said, new FaultProxy(proxy), id, Clocks.nanos())
        : new BelievedOutage(port::said, id, LONGEST, production);
  }

  /** What is really cut comes back even where this process is told to end. */
  private static void run(DrillSteps drills, String id, List<Expected> visited, Outage outage) {
    Thread last = new Thread(outage::abandon, "sluice-drill-end");
    Runtime.getRuntime().addShutdownHook(last);
    try {
      drills.run(id, visited, outage);
    } finally {
      Runtime.getRuntime().removeShutdownHook(last);
    }
  }

  private void tell(Step step) {
    steps.add(step);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "  %-8s %-10s %s: %s%n",
        step.outcome().label(),
        step.name(),
        step.subject(),
        step.sentence());
    out.flush();
  }

  private int told() {
    PrintWriter out = spec.commandLine().getOut();
    Ruling ruling = Ruling.of(steps);
    long wanting = steps.stream().filter(step -> step.outcome() != Outcome.PASSED).count();
    out.println(
        switch (ruling) {
          case FIXED -> "it holds: all " + steps.size() + " steps";
          case NOT_FIXED -> "it does not hold: %d of %d steps".formatted(wanting, steps.size());
          case NOT_PROVEN -> "not proven: %d of %d steps".formatted(wanting, steps.size());
        });
    out.flush();
    return switch (ruling) {
      case FIXED -> Exit.OK;
      case NOT_FIXED -> Exit.FAILED;
      case NOT_PROVEN -> Exit.UNKNOWN;
    };
  }
}
