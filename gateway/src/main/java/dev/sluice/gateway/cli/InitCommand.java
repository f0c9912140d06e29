package dev.sluice.gateway.cli;

import dev.sluice.config.CloudRunServiceReader;
import dev.sluice.config.Configuration;
import dev.sluice.config.ConfigurationLoader;
import dev.sluice.config.LoadResult;
import dev.sluice.gateway.app.Clocks;
import dev.sluice.gateway.init.BlindSpots;
import dev.sluice.gateway.init.Findings;
import dev.sluice.gateway.init.Findings.HealthRoute;
import dev.sluice.gateway.init.FirstFile;
import dev.sluice.gateway.init.Scout;
import dev.sluice.gateway.init.ServiceFindings;
import dev.sluice.probes.monitor.Diagnosis;
import dev.sluice.probes.monitor.News;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code init}: a first route file, what it sees, and what it cannot see. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a commented route file that forwards everything as it is, looks once from here,",
      "and says what cannot be seen from here."
    })
final class InitCommand implements Callable<Integer> {
  private static final Duration LOOK = Duration.ofSeconds(30);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--backend", paramLabel = "URL", description = "Where your service answers.")
  private @Nullable URI backend;

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description = "The YAML of your service on Cloud Run, for Sluice as its sidecar.")
  private @Nullable Path service;

  @Option(
      names = "--database",
      paramLabel = "URL",
      description = {
        "The database behind it, postgresql://USER:PASSWORD@HOST:5432/NAME. It is used for this"
            + " look; the file names the variable "
            + FirstFile.DATABASE
            + " instead."
      })
  private @Nullable String database;

  @Option(names = "--name", paramLabel = "ID", description = "What the file calls it.")
  private @Nullable String name;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      defaultValue = "routes.yaml",
      description = "Where it is written: ${DEFAULT-VALUE}. A file that is there is left alone.")
  private Path output = Path.of("routes.yaml");

  @Override
  public Integer call() throws IOException {
    if (backend == null && service == null) {
      throw misused("say --backend URL, or --from FILE for a service on Cloud Run");
    }
    if (Files.exists(output)) {
      throw misused(output + " is there already: name another file with --output");
    }
    Findings found = findings();
    write(FirstFile.text(found));
    PrintWriter out = spec.commandLine().getOut();
    out.println("Wrote " + output + ": it forwards everything, and only watches (mode: observe).");
    look(found, out);
    out.println();
    out.println("What Sluice will not see from here:");
    BlindSpots.of(found).forEach(spot -> out.println("  - " + spot));
    next(found, out);
    out.flush();
    return Exit.OK;
  }

  private ParameterException misused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** What was said here goes before what was found, and that before what the file says. */
  private Findings findings() {
    URI url = backend == null ? null : checked(backend);
    Findings told =
        service == null
            ? new Findings("app", Objects.requireNonNull(url), null, false, false, "sluice init")
            : told(service);
    HealthRoute health = url == null ? null : health(url);
    return new Findings(
        name == null ? told.id() : Findings.id(name),
        url == null ? told.backend() : url,
        health == null ? told.health() : health,
        told.database() || database != null,
        told.connector(),
        told.origin());
  }

  private URI checked(URI url) {
    if (url.getHost() == null || !String.valueOf(url.getScheme()).matches("https?")) {
      throw misused("--backend must be an http or https URL such as http://127.0.0.1:8081");
    }
    if (url.getUserInfo() != null || !String.valueOf(url.getRawPath()).matches("/?")) {
      throw misused("--backend is scheme, host and port alone, such as http://127.0.0.1:8081");
    }
    return URI.create(url.getScheme() + "://" + url.getRawAuthority());
  }

  private Findings told(Path file) {
    CloudRunServiceReader.Read read = CloudRunServiceReader.read(file);
    if (read.service() == null) {
      throw misused(
          read.problems().stream().map(Object::toString).collect(Collectors.joining("\n")));
    }
    return ServiceFindings.of(read.service(), String.valueOf(file.getFileName()));
  }

  private @Nullable HealthRoute health(URI url) {
    try {
      return Scout.find(url);
    } catch (IOException e) {
      return null;
    }
  }

  private void write(String text) throws IOException {
    try {
      Files.writeString(output, text, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw misused(output + " is there already: name another file with --output");
    }
  }

  private void look(Findings found, PrintWriter out) {
    if (backend == null) {
      out.println("Nothing was looked at: the service's container is not on this machine.");
      return;
    }
    LoadResult loaded =
        ConfigurationLoader.load(
            List.of(output),
            variable ->
                variable.equals(FirstFile.DATABASE) && database != null
                    ? database
                    : System.getenv(variable));
    loaded.problems().forEach(problem -> out.println("  " + problem));
    Configuration configuration = loaded.configuration();
    if (configuration == null) {
      return;
    }
    if (configuration.dependencies().isEmpty() && found.health() == null) {
      out.println("Nothing was looked at: the backend has no known health route, and no database.");
      return;
    }
    out.println("What it sees from here:");
    out.flush();
    DiagnoseText text = new DiagnoseText(out, (int) LOOK.toSeconds(), configuration);
    Diagnosis.run(configuration, Clocks.instants(), Clocks.nanos(), LOOK)
        .filter(News.Judged.class::isInstance)
        .doOnNext(text::tell)
        .blockLast();
  }

  private void next(Findings found, PrintWriter out) {
    out.println();
    out.println("Next:");
    if (found.database()) {
      out.println(
          "  export " + FirstFile.DATABASE + "=postgresql://sluice_probe:PASSWORD@HOST:5432/NAME");
    }
    if (backend == null) {
      out.println(
          "  have your container listen on 8081, and Sluice on its port: deploy/cloud-run/sidecar.yaml");
    }
    out.println("  ./sluice run --config " + output + "      # and look at http://127.0.0.1:9090");
    out.println(
        "  ./sluice watch --config " + output + "    # only watches, and takes no requests");
    out.println("To remove Sluice again: point the balancer at the backend, and stop it.");
  }
}
