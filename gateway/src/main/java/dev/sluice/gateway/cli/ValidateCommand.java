package dev.sluice.gateway.cli;

import dev.sluice.config.Configuration;
import dev.sluice.gateway.app.Clocks;
import dev.sluice.gateway.validate.GatewaySteps;
import dev.sluice.gateway.validate.OwnSteps;
import dev.sluice.gateway.validate.Reports;
import dev.sluice.gateway.validate.Validated;
import dev.sluice.probes.validation.Limits;
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
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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
  private static final JsonMapper JSON = JsonMapper.builder().build();

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
      description = "The admin port of a running gateway, which is asked as well.")
  private @Nullable URI admin;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Writes validation.json, validation.xml (JUnit) and validation.html there.")
  private @Nullable Path report;

  @Override
  public Integer call() throws IOException {
    Configuration configuration = files.loadOrTell(spec.commandLine().getErr());
    if (configuration == null) {
      return Exit.USAGE;
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
    List<Step> steps = new ArrayList<>();
    if (port != null) {
      new GatewaySteps(path -> json(port, path), Clocks.nanos())
          .run()
          .forEach(step -> told(steps, step));
    }
    dev.sluice.config.Validation wanted = configuration.operation().validation();
    Limits limits = Limits.of(wanted);
    Validation.run(configuration, chosen, limits, Clocks.instants(), Clocks.nanos())
        .doOnNext(step -> told(steps, step))
        .blockLast();
    OwnSteps own = new OwnSteps(Clocks.nanos());
    wanted.steps().forEach(step -> told(steps, own.run(step)));
    Duration took = Duration.ofNanos(Clocks.nanos().getAsLong() - since);
    return new Validated(configuration.environment(), chosen, begun, took, steps);
  }

  private static JsonNode json(AdminPort port, String path) {
    AdminPort.Answer answer = port.ask("GET", path);
    try {
      return JSON.readTree(answer.body());
    } catch (JacksonException e) {
      throw new Held.Unreachable("no gateway answers at " + port);
    }
  }

  private void told(List<Step> steps, Step step) {
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
