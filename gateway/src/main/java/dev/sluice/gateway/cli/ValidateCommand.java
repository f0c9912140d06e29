package dev.sluice.gateway.cli;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Dependency;
import dev.sluice.config.Validation.Marked;
import dev.sluice.gateway.app.Clocks;
import dev.sluice.gateway.validate.BelievedOutage;
import dev.sluice.gateway.validate.DrillSteps;
import dev.sluice.gateway.validate.GatewaySteps;
import dev.sluice.gateway.validate.OwnSteps;
import dev.sluice.gateway.validate.OwnTrial;
import dev.sluice.gateway.validate.PoolStress;
import dev.sluice.gateway.validate.RecordTrip;
import dev.sluice.gateway.validate.Reports;
import dev.sluice.gateway.validate.Validated;
import dev.sluice.gateway.validate.Visitor;
import dev.sluice.probes.validation.Conditions;
import dev.sluice.probes.validation.Limits;
import dev.sluice.probes.validation.Outcome;
import dev.sluice.probes.validation.Pools;
import dev.sluice.probes.validation.Ruling;
import dev.sluice.probes.validation.Step;
import dev.sluice.probes.validation.Suite;
import dev.sluice.probes.validation.Validation;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code validate}: what to run when somebody says that it is fixed. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = {
      "Climbs every ladder, asks every backend, and makes many connections anew to each dependency,",
      "a tenth of its free slots at once at most and never more than ten.",
      "Exit 0 fixed, 1 not fixed, 12 not proven."
    })
final class ValidateCommand implements Callable<Integer> {
  /** A gateway's own validation may take so many times what one dependency may. */
  private static final int PATIENCE = 4;

  /** After which a gateway ends a drill whatever happens here. */
  private static final Duration DRILL = Duration.ofMinutes(1);

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private RouteFiles files = new RouteFiles();

  /** As they are typed. */
  enum Suites {
    quick,
    full
  }

  @Option(names = "--suite", defaultValue = "quick", description = "quick or full.")
  private Suites suite = Suites.quick;

  @Option(
      names = "--admin",
      paramLabel = "URL",
      description =
          "The admin port of a running gateway, which is asked as well; with its token in the variable"
              + " SLUICE_ADMIN_TOKEN it also validates from where it stands.")
  private @Nullable URI admin;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "Where the gateway takes requests, for validation.record; as the files have it unless"
              + " said.")
  private @Nullable URI url;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Writes validation.json, validation.xml (JUnit) and validation.html there.")
  private @Nullable Path report;

  @Option(
      names = "--stress",
      description =
          "Asks each backend, past the gateway, twice as much at once as its pool holds, for three"
              + " seconds.")
  private boolean stress;

  @Option(
      names = "--drill",
      description =
          "Has the gateway of --admin take one dependency after the other to be down, for a moment:"
              + " its users see it.")
  private boolean drill;

  private final List<Step> steps = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    Configuration configuration = files.loadOrTell(spec.commandLine().getErr());
    if (configuration == null) {
      return Exit.USAGE;
    }
    if (drill && admin == null) {
      throw new ParameterException(spec.commandLine(), "--drill needs the --admin of a gateway");
    }
    Validated validated;
    try {
      validated = validated(configuration);
    } catch (Held.Unreachable e) {
      spec.commandLine().getErr().println("sluice: " + e.getMessage());
      return Exit.USAGE;
    }
    if (report != null) {
      Reports.write(report, validated);
    }
    spec.commandLine().getOut().println(validated.sentence());
    spec.commandLine().getOut().flush();
    Ruling ruling = validated.ruling();
    return ruling == Ruling.FIXED
        ? Exit.OK
        : ruling == Ruling.NOT_FIXED ? Exit.FAILED : Exit.UNKNOWN;
  }

  private Validated validated(Configuration configuration) {
    AdminPort port = admin == null ? null : AdminPort.at(spec.commandLine(), admin);
    Suite chosen = suite == Suites.quick ? Suite.QUICK : Suite.FULL;
    Instant begun = Clocks.instants().instant();
    long since = Clocks.nanos().getAsLong();
    if (port == null || !port.mayChange()) {
      look(configuration, port, chosen);
    } else {
      // Connections are made in one place alone: at the gateway, which does so meanwhile.
      OwnTrial trial = new OwnTrial(port::said, Clocks.nanos());
      trial.begin(suite.name());
      look(configuration, port, Suite.BASIC);
      trial.end(chosen.patience().multipliedBy(PATIENCE)).forEach(this::tell);
    }
    if (drill && port != null) {
      drill(configuration, port);
    }
    Duration took = Duration.ofNanos(Clocks.nanos().getAsLong() - since);
    return new Validated(configuration.environment(), chosen, begun, took, steps);
  }

  /** Everything but what a gateway does by itself. */
  private void look(Configuration configuration, @Nullable AdminPort port, Suite here) {
    if (port != null) {
      new GatewaySteps(path -> port.said("GET", path).body(), Clocks.nanos())
          .run()
          .forEach(this::tell);
    }
    dev.sluice.config.Validation wanted = configuration.operation().validation();
    Conditions conditions = Conditions.of(Limits.of(wanted));
    Validation.run(configuration, here, conditions, Clocks.instants(), Clocks.nanos())
        .doOnNext(this::tell)
        .blockLast();
    record(configuration);
    if (stress) {
      configuration.backends().forEach(backend -> pool(configuration, backend));
    }
    OwnSteps own = new OwnSteps(Clocks.nanos());
    wanted.steps().forEach(step -> tell(own.run(step)));
  }

  /** Errors are handled as the files have it; dependencies themselves are left alone. */
  private void drill(Configuration configuration, AdminPort port) {
    URI to = url == null ? DrillPlan.address(configuration.listen()) : url;
    if (to == null) {
      throw new ParameterException(spec.commandLine(), "--drill needs --url");
    }
    DrillSteps steps =
        new DrillSteps(
            new Visitor(to),
            configuration.operation().validation().marked(),
            Clocks.nanos(),
            this::tell);
    for (Dependency each : configuration.dependencies()) {
      steps.run(
          each.id(),
          DrillPlan.of(configuration, each.id()).visited(),
          new BelievedOutage(port::said, each.id(), DRILL, false));
    }
  }

  /** Past the gateway, which would ask once for all. */
  private void pool(Configuration configuration, Backend backend) {
    String path = DrillPlan.read(configuration, backend);
    tell(
        path == null
            ? Step.of(
                "pool",
                backend.id(),
                Outcome.UNPROVEN,
                "no route to it has a path that can be read: validation.paths names one",
                Duration.ZERO)
            : new PoolStress(
                    backend.id(),
                    () -> Pools.look(configuration, backend, Clocks.instants()),
                    new Visitor(DrillPlan.address(backend)),
                    path,
                    Clocks.nanos())
                .run());
  }

  /** Only where the files name a record, and say where their gateway is. */
  private void record(Configuration configuration) {
    Marked marked = configuration.operation().validation().marked();
    URI to = url == null ? DrillPlan.address(configuration.listen()) : url;
    if (marked == null) {
      return;
    }
    tell(
        to == null
            ? Step.of(
                "record",
                marked.path(),
                Outcome.UNPROVEN,
                "the files leave the port to the system: --url says where it is",
                Duration.ZERO)
            : new RecordTrip(marked, new Visitor(to), Clocks.nanos()).run());
  }

  private void tell(Step step) {
    steps.add(step);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%-8s %-8s %s: %s%n",
        step.outcome().label(),
        step.name(),
        step.subject(),
        step.sentence());
    out.flush();
  }
}
