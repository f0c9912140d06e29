package dev.sluice.gateway.cli;

import dev.sluice.config.ConfigurationLoader;
import dev.sluice.config.EffectiveYaml;
import dev.sluice.config.LoadResult;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code report}: an outage for a post-mortem, or everything for a vendor's support case. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = "Prints the report of an outage, or packs what a vendor's support asks for.")
final class ReportCommand implements Callable<Integer> {
  /** What support reads: nothing that a client sent is among it. */
  private static final Map<String, String> PAGES =
      Map.of(
          "health.json", "/health",
          "verdict.json", "/verdict",
          "dependencies.json", "/dependencies",
          "outages.json", "/outages",
          "reload.json", "/-/reload",
          "metrics.txt", "/metrics");

  private static final Pattern USER = Pattern.compile("://[^/\\s:@\"]+:[^/\\s@\"]+@");
  private static final Pattern MAIL = Pattern.compile("[\\w.+-]+@[\\w-]+\\.[\\w.]+");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--admin",
      required = true,
      paramLabel = "URL",
      description = "The admin port of a running gateway, such as http://127.0.0.1:9090.")
  private URI admin = URI.create("http://127.0.0.1:9090");

  @Option(
      names = "--outage",
      paramLabel = "ID",
      description = "Which outage; the latest where none is named.")
  private @Nullable String outage;

  @Option(names = "--support", description = "Packs a bundle without secrets and client data.")
  private boolean support;

  @Option(
      names = "--config",
      arity = "1..*",
      paramLabel = "PATH",
      description = "Route files to put into the bundle, their secrets masked.")
  private List<Path> paths = List.of();

  @Option(names = "--out", paramLabel = "FILE", description = "The bundle's file.")
  private Path out = Path.of("sluice-support.zip");

  @Override
  public Integer call() throws IOException {
    AdminPort port = AdminPort.at(spec.commandLine(), admin);
    return support ? bundle(port) : one(port);
  }

  private int one(AdminPort port) {
    String id = outage == null ? latest(port) : outage;
    if (id == null) {
      spec.commandLine().getOut().println("no outage is known");
      return Exit.OK;
    }
    if (!id.matches("[A-Za-z0-9._-]{1,100}")) {
      throw new ParameterException(spec.commandLine(), "--outage is no id of an outage");
    }
    String report = read(port, "/outages/" + id + ".md");
    if (report == null) {
      spec.commandLine().getErr().println("sluice: no outage has the id " + id);
      return Exit.FAILED;
    }
    spec.commandLine().getOut().print(report);
    return Exit.OK;
  }

  /** What stands at a path; null where nothing does. Of a gateway that fails its word counts. */
  private static @Nullable String read(AdminPort port, String path) {
    AdminPort.Answer answer = port.ask("GET", path);
    return answer.status() == 404 ? null : answer.body();
  }

  private static @Nullable String latest(AdminPort port) {
    String list = read(port, "/outages");
    JsonNode known = JsonMapper.builder().build().readTree(list == null ? "{}" : list);
    JsonNode open = known.path("open").path(0);
    String id = (open.isMissingNode() ? known.path("ended").path(0) : open).path("id").asString("");
    return id.isEmpty() ? null : id;
  }

  private int bundle(AdminPort port) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("version.txt", String.join("\n", new Version().getVersion()) + "\n" + java());
    PAGES.forEach((name, path) -> put(files, name, read(port, path)));
    String last = latest(port);
    put(files, "outage.md", last == null ? null : read(port, "/outages/" + last + ".md"));
    put(files, "routes.yaml", routes());
    if (Files.exists(out)) {
      throw new ParameterException(
          spec.commandLine(), out + " is there already: name another file with --out");
    }
    pack(files);
    spec.commandLine()
        .getOut()
        .println(
            out + " holds " + String.join(", ", files.keySet()) + ": read it before you send it");
    return Exit.OK;
  }

  private void pack(Map<String, String> files) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(out))) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(redacted(file.getValue()).getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
  }

  private static void put(Map<String, String> files, String name, @Nullable String text) {
    if (text != null) {
      files.put(name, text);
    }
  }

  private static String java() {
    return "Java %s on %s %s%n"
        .formatted(
            System.getProperty("java.version"),
            System.getProperty("os.name"),
            System.getProperty("os.arch"));
  }

  private @Nullable String routes() {
    if (paths.isEmpty()) {
      return null;
    }
    LoadResult loaded = ConfigurationLoader.load(paths, System::getenv);
    return loaded.configuration() == null
        ? String.join("\n", loaded.problems().stream().map(Object::toString).toList())
        : EffectiveYaml.print(loaded);
  }

  /** Users and passwords of URLs, and people's addresses. */
  static String redacted(String text) {
    return MAIL.matcher(USER.matcher(text).replaceAll("://***:***@")).replaceAll("***");
  }
}
