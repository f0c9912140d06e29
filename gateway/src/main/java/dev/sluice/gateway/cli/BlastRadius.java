package dev.sluice.gateway.cli;

import dev.sluice.config.Configuration;
import dev.sluice.gateway.cli.Without.Line;
import dev.sluice.gateway.cli.Without.Way;
import dev.sluice.gateway.health.Words;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code explain --without}: what still works, in which way, and for how long. */
final class BlastRadius {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Configuration configuration;
  private final List<String> down;
  private final @Nullable AdminPort admin;

  /**
   * @param admin is asked how long stored copies last; null: only the files are
   */
  BlastRadius(Configuration configuration, List<String> down, @Nullable AdminPort admin) {
    this.configuration = configuration;
    this.down = down;
    this.admin = admin;
  }

  int tell(CommandLine command) {
    List<String> known = Without.known(configuration);
    for (String id : down) {
      if (!known.contains(id)) {
        throw new ParameterException(
            command, "nothing has the id '" + id + "'; known are " + String.join(", ", known));
      }
    }
    Map<String, String> runways;
    try {
      runways = admin == null ? Map.of() : runways(admin);
    } catch (Held.Unreachable e) {
      command.getErr().println("sluice: " + e.getMessage());
      return Exit.USAGE;
    }
    print(command.getOut(), Without.of(configuration, down), runways);
    return Exit.OK;
  }

  private void print(PrintWriter out, List<Line> lines, Map<String, String> runways) {
    int ids = lines.stream().mapToInt(line -> line.route().length()).max().orElse(0);
    int methods = lines.stream().mapToInt(line -> line.methods().length()).max().orElse(0);
    out.println("without " + String.join(", ", down) + ":");
    for (Line line : lines) {
      String now = line.way() == Way.COPIES ? runways.getOrDefault(line.route(), "") : "";
      out.println(
          "  %s  %s  %s%s"
              .formatted(
                  padded(line.route(), ids), padded(line.methods(), methods), line.words(), now));
    }
    for (Way way : Way.values()) {
      String routes =
          lines.stream()
              .filter(line -> line.way() == way)
              .map(Line::route)
              .distinct()
              .collect(Collectors.joining(", "));
      out.println(way.words + ": " + (routes.isEmpty() ? "none" : routes));
    }
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  private static Map<String, String> runways(AdminPort admin) {
    Map<String, String> runways = new LinkedHashMap<>();
    try {
      for (JsonNode runway : JSON.readTree(admin.ask("GET", "/cache").body()).path("runways")) {
        long copies = runway.path("copies").asLong(0);
        String lasting =
            "; now %d copies, the first ends in %s, the last in %s"
                .formatted(copies, time(runway, "first-seconds"), time(runway, "last-seconds"));
        runways.put(
            runway.path("route").asString(""), copies == 0 ? "; now no copy is stored" : lasting);
      }
    } catch (JacksonException e) {
      throw new Held.Unreachable("no gateway answers at " + admin);
    }
    return runways;
  }

  private static String time(JsonNode runway, String key) {
    return Words.of(Duration.ofSeconds(runway.path(key).asLong(0)));
  }
}
