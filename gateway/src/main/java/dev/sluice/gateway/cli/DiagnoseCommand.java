package dev.sluice.gateway.cli;

import dev.sluice.config.Configuration;
import dev.sluice.gateway.app.Clocks;
import dev.sluice.probes.monitor.Diagnosis;
import dev.sluice.probes.monitor.Diagnosis.Finding;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Verdict;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code diagnose}: climbs the ladder from here and says what is wrong. */
@Command(
    name = "diagnose",
    mixinStandardHelpOptions = true,
    description =
        "Climbs the ladder once; exit 0 healthy, 10 infrastructure, 11 application, 12 unknown.")
final class DiagnoseCommand implements Callable<Integer> {
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private RouteFiles files = new RouteFiles();

  @Option(names = "--dependency", paramLabel = "ID", description = "Only this one.")
  private @Nullable String dependency;

  @Option(names = "--format", defaultValue = "text", description = "text or json.")
  private CheckCommand.Format format = CheckCommand.Format.text;

  @Override
  public Integer call() {
    Configuration configuration = files.loadOrTell(spec.commandLine().getErr());
    if (configuration == null) {
      return Exit.USAGE;
    }
    if (dependency != null && configuration.dependency(dependency).isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "there is no dependency " + dependency + " in the route files");
    }
    List<Finding> findings =
        Diagnosis.run(configuration, Clocks.instants(), Clocks.nanos())
            .blockOptional(DEADLINE)
            .orElse(List.of());
    List<Finding> wanted =
        findings.stream()
            .filter(f -> dependency == null || f.climb().targetId().equals(dependency))
            .toList();
    print(wanted);
    return wanted.stream().map(Finding::verdict).mapToInt(DiagnoseCommand::code).max().orElse(0);
  }

  private void print(List<Finding> findings) {
    PrintWriter out = spec.commandLine().getOut();
    if (format == CheckCommand.Format.json) {
      out.println(
          JsonMapper.builder()
              .build()
              .writeValueAsString(findings.stream().map(DiagnoseCommand::json).toList()));
      return;
    }
    findings.forEach(finding -> print(out, finding));
  }

  private static void print(PrintWriter out, Finding finding) {
    Verdict verdict = finding.verdict();
    out.println(finding.climb().targetId());
    finding
        .climb()
        .samples()
        .forEach(
            s ->
                out.printf(
                    "  %-4s %-16s %6d ms  %s%n",
                    s.ok() ? "ok" : "FAIL",
                    s.rung().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
                    s.millis(),
                    s.ok() || s.message() == null ? "" : s.message()));
    out.printf(
        java.util.Locale.ROOT,
        "  %s: %s, confidence %.2f, owner %s%n  %s%n",
        verdict.cause(),
        verdict.detail().label(),
        verdict.confidence(),
        verdict.owner(),
        verdict.sentence());
    verdict.evidence().forEach(e -> out.println("  evidence: " + e.text()));
    if (verdict.cause() != Cause.NONE) {
      out.println("  remedy: " + verdict.remedy());
    }
    if (verdict.decidingTest() != null) {
      out.println("  would decide: " + verdict.decidingTest());
    }
  }

  private static Map<String, @Nullable Object> json(Finding finding) {
    Verdict verdict = finding.verdict();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("dependency", finding.climb().targetId());
    fields.put("cause", verdict.cause().name());
    fields.put("detail", verdict.detail().label());
    fields.put("confidence", verdict.confidence());
    fields.put("owner", verdict.owner());
    fields.put("sentence", verdict.sentence());
    fields.put("remedy", verdict.remedy());
    fields.put("decidingTest", verdict.decidingTest());
    fields.put("evidence", verdict.evidence().stream().map(e -> e.text()).toList());
    return fields;
  }

  private static int code(Verdict verdict) {
    return switch (verdict.cause()) {
      case NONE -> Exit.OK;
      case INFRASTRUCTURE -> Exit.INFRASTRUCTURE;
      case APPLICATION -> Exit.APPLICATION;
      case UNKNOWN -> Exit.UNKNOWN;
    };
  }
}
