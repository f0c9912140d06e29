package dev.sluice.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard and the rules that are shipped speak of meters that there are. */
final class DeployedNamesTest {
  private static final Path DEPLOY = Path.of("../deploy");
  private static final Pattern NAME = Pattern.compile("\\b(?:sluice|http)_[a-z_]+");
  private static final List<String> ENDINGS =
      List.of(
          "",
          "_total",
          "_seconds",
          "_seconds_count",
          "_seconds_sum",
          "_seconds_max",
          "_seconds_bucket");

  /** As Prometheus reads them. */
  private static Set<String> known() {
    return MeterHelp.TEXTS.keySet().stream()
        .map(name -> name.replace('.', '_'))
        .flatMap(name -> ENDINGS.stream().map(name::concat))
        .collect(Collectors.toSet());
  }

  @Test
  void everyNameIsAMeters() throws IOException {
    Set<String> used = new TreeSet<>();
    for (String folder : List.of("prometheus", "grafana")) {
      try (Stream<Path> files = Files.walk(DEPLOY.resolve(folder))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Matcher found = NAME.matcher(Files.readString(file));
          while (found.find()) {
            used.add(found.group());
          }
        }
      }
    }
    assertThat(used).hasSizeGreaterThan(15);
    used.removeAll(known());
    used.remove("sluice_test"); // a file's name
    used.removeAll(Set.of("http_response_status_code", "http_request_method", "http_route"));
    assertThat(used).isEmpty();
  }

  @Test
  void everyPanelHasAPlaceAndAQuestion() throws IOException {
    JsonNode board =
        JsonMapper.builder()
            .build()
            .readTree(Files.readString(DEPLOY.resolve("grafana/sluice.json")));
    assertThat(board.path("panels").size()).isGreaterThan(10);
    for (JsonNode panel : board.path("panels")) {
      assertThat(panel.path("targets").path(0).path("expr").asString()).isNotBlank();
      JsonNode place = panel.path("gridPos");
      assertThat(place.path("x").asInt() + place.path("w").asInt()).isLessThanOrEqualTo(24);
    }
  }
}
