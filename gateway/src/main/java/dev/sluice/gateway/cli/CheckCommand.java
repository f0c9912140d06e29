package dev.sluice.gateway.cli;

import dev.sluice.config.CloudRunRules;
import dev.sluice.config.CloudRunService;
import dev.sluice.config.CloudRunServiceReader;
import dev.sluice.config.Configuration;
import dev.sluice.config.EffectiveYaml;
import dev.sluice.config.LoadResult;
import dev.sluice.config.Problem;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
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

/** {@code check}: every problem of the route files at once. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = "Reads route files and prints every problem; exit 2 when there is an error.")
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private RouteFiles files = new RouteFiles();

  @Option(names = "--effective", description = "Prints the files with every default filled in.")
  private boolean effective;

  @Option(
      names = "--cloud-run",
      description = "Warns as well of what goes wrong on Cloud Run and nowhere else.")
  private boolean cloudRun;

  @Option(
      names = "--service",
      paramLabel = "FILE",
      description = {
        "The YAML of the Cloud Run service that the gateway is in, as gcloud run services replace"
            + " takes it: it is checked too, and its variables are the files'. Implies --cloud-run."
      })
  private @Nullable Path service;

  @Option(
      names = "--max-connections",
      defaultValue = "0",
      paramLabel = "N",
      description = "What the database allows, to be held against all instances of the service.")
  private int maxConnections;

  @Option(names = "--format", defaultValue = "text", description = "text or json.")
  private Format format = Format.text;

  /** Lower case, as it is typed. */
  enum Format {
    text,
    json
  }

  @Override
  public Integer call() {
    if (effective && format == Format.json) {
      throw new ParameterException(
          spec.commandLine(),
          "--effective prints YAML, so it has no --format json: leave one of them out");
    }
    PrintWriter out = spec.commandLine().getOut();
    CloudRunServiceReader.Read read = service == null ? null : CloudRunServiceReader.read(service);
    CloudRunService around = read == null ? null : read.service();
    LoadResult loaded = around == null ? files.load() : files.load(around.environment());
    Configuration configuration = loaded.configuration();
    List<Problem> problems = new ArrayList<>(loaded.problems());
    if (read != null) {
      problems.addAll(read.problems());
    }
    if (configuration != null && (cloudRun || service != null)) {
      String file = files.paths().get(0).toString();
      problems.addAll(CloudRunRules.of(loaded, configuration, file, around, maxConnections));
    }
    tell(problems, out);
    if (configuration == null || (read != null && around == null)) {
      return Exit.USAGE;
    }
    if (effective) {
      out.print(EffectiveYaml.print(loaded));
    } else if (format == Format.text) {
      out.printf(
          "%d routes, %d backends, %d dependencies: no errors%n",
          configuration.routes().size(),
          configuration.backends().size(),
          configuration.dependencies().size());
    }
    return Exit.OK;
  }

  private void tell(List<Problem> problems, PrintWriter out) {
    if (format == Format.json) {
      List<Map<String, @Nullable Object>> all = problems.stream().map(CheckCommand::json).toList();
      out.println(JsonMapper.builder().build().writeValueAsString(all));
    } else {
      problems.forEach(spec.commandLine().getErr()::println);
    }
  }

  private static Map<String, @Nullable Object> json(Problem problem) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("severity", problem.severity().name());
    fields.put("file", problem.place().file());
    fields.put("line", problem.place().line());
    fields.put("column", problem.place().column());
    fields.put("message", problem.message());
    fields.put("hint", problem.hint());
    return fields;
  }
}
