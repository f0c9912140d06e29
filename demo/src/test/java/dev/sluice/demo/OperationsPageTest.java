package dev.sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.RouteFileSchema;
import dev.sluice.demo.cli.DemoMain;
import dev.sluice.gateway.telemetry.MeterHelp;
import dev.sluice.probes.verdict.Advice;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Detail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What docs/OPERATIONS.md tells of keys, metrics, commands and details is what the code has. With
 * {@code -Dsluice.docs=write} it is written there.
 */
class OperationsPageTest {
  private static final Path PAGE = Path.of("../docs/OPERATIONS.md");
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int DEEPEST = 10;

  private final JsonNode schema = JSON.readTree(RouteFileSchema.text());

  @Test
  void thePageTellsWhatTheCodeHas() throws IOException {
    String page = Files.readString(PAGE);
    String now = page;
    now = with(now, "commands", commands());
    now = with(now, "details", details());
    now = with(now, "metrics", metrics());
    now = with(now, "keys", keys());
    if ("write".equals(System.getProperty("sluice.docs"))) {
      Files.writeString(PAGE, now);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(now);
    assertThat(now).contains("| `routes[].reads.max-stale` |", "| `sluice.mode` |", "### vpc-path");
  }

  private static String with(String page, String section, String text) {
    String begin = "<!-- " + section + " -->\n";
    String end = "<!-- /" + section + " -->";
    int from = page.indexOf(begin) + begin.length();
    int to = page.indexOf(end);
    assertThat(from).as(section).isBetween(begin.length(), to);
    return page.substring(0, from) + text + page.substring(to);
  }

  private static String commands() {
    StringBuilder table = new StringBuilder("| command | does |\n|---|---|\n");
    Map<String, CommandLine> all = new TreeMap<>(DemoMain.line().getSubcommands());
    all.forEach(
        (name, command) ->
            row(
                table,
                name,
                String.join(" ", command.getCommandSpec().usageMessage().description())));
    return table.toString();
  }

  private static String details() {
    StringBuilder text = new StringBuilder();
    for (Detail detail : Detail.values()) {
      Advice advice = Advice.of(detail);
      if (detail.cause() == Cause.INFRASTRUCTURE
          || detail.cause() == Cause.APPLICATION
          || detail.cause() == Cause.UNKNOWN) {
        text.append("### ").append(detail.label()).append('\n');
        text.append(detail.cause()).append(", ").append(advice.owner()).append(". ");
        text.append(advice.what()).append(" **").append(advice.remedy()).append("**\n\n");
      }
    }
    return text.toString();
  }

  private static String metrics() {
    StringBuilder table = new StringBuilder("| metric | tells |\n|---|---|\n");
    new TreeMap<>(MeterHelp.texts()).forEach((name, text) -> row(table, name, text));
    return table.toString();
  }

  private String keys() {
    Map<String, String> keys = new LinkedHashMap<>();
    collect(schema, "", keys, 0);
    assertThat(keys).hasSizeGreaterThan(250);
    StringBuilder table = new StringBuilder("| key | means, and its default |\n|---|---|\n");
    keys.forEach((key, text) -> row(table, key, text));
    return table.toString();
  }

  private static void row(StringBuilder table, String name, String text) {
    String plain = text.replace("|", "\\|").replace("<", "&lt;");
    table.append("| `").append(name).append("` | ").append(plain).append(" |\n");
  }

  private void collect(JsonNode node, String path, Map<String, String> keys, int depth) {
    JsonNode at = resolved(node);
    if (depth > DEEPEST) {
      return;
    }
    for (String choice : new String[] {"anyOf", "oneOf"}) {
      at.path(choice).forEach(each -> collect(each, path, keys, depth + 1));
    }
    if (at.has("items")) {
      collect(at.path("items"), path + "[]", keys, depth + 1);
    }
    at.path("properties")
        .properties()
        .forEach(
            each -> {
              String key = path.isEmpty() ? each.getKey() : path + "." + each.getKey();
              keys.putIfAbsent(key, described(each.getValue()));
              collect(each.getValue(), key, keys, depth + 1);
            });
  }

  private JsonNode resolved(JsonNode node) {
    String ref = node.path("$ref").asString("");
    return ref.isEmpty() ? node : schema.path("$defs").path(ref.substring("#/$defs/".length()));
  }

  /** Its own words, those of its kind, or the values that it may have. */
  private String described(JsonNode node) {
    String own = node.path("description").asString("");
    String kind = resolved(node).path("description").asString("");
    String words = own.isEmpty() ? kind : own;
    StringBuilder values = new StringBuilder();
    JsonNode choice = resolved(node);
    for (JsonNode each : choice.path("anyOf").isMissingNode() ? choice : choice.path("anyOf")) {
      each.path("enum")
          .forEach(value -> values.append(values.isEmpty() ? "" : ", ").append(value.asString()));
    }
    return values.isEmpty() ? words : (words.isEmpty() ? "" : words + ". ") + "One of: " + values;
  }
}
