package dev.sluice.probes.ladder;

import dev.sluice.config.Backend;
import dev.sluice.probes.verdict.Complaint;
import dev.sluice.probes.verdict.PoolFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a health body by its format: the error texts of failing components, and a connection pool's
 * figures where one shows them. Names and texts of components that are well are no evidence. A body
 * that is no JSON says nothing, and so does every body of the format STATUS. Pure.
 */
final class HealthBody {
  private static final int MOST_COMPLAINTS = 16;
  private static final int LONGEST = 600;

  /** No health body nests deeper. */
  private static final int DEEPEST = 24;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .build();

  private static final Set<String> WELL =
      Set.of("UP", "UNKNOWN", "OK", "PASS", "WARN", "HEALTHY", "READY");

  /** Members whose text tells an error. */
  private static final List<String> ERRORS =
      List.of("error", "message", "exception", "cause", "reason", "output");

  private final Components components;
  private final List<Complaint> complaints = new ArrayList<>();
  private @Nullable PoolFigures pool;
  private @Nullable String revision;
  private @Nullable String status;

  private HealthBody(List<String> dependsOn, Set<String> mapped) {
    components = new Components(dependsOn, mapped);
  }

  /** Loads the reader where nothing waits: on an event loop it would eat up a probe's deadline. */
  static void prepare() {
    parse(new byte[] {'{', '}'});
  }

  /**
   * Reads one body.
   *
   * @param dependsOn the ids of what the backend depends on
   */
  static HealthBody read(Backend.Format format, byte[] json, List<String> dependsOn) {
    return read(format, json, dependsOn, Set.of());
  }

  /** The same, where these components stand for dependencies too. */
  static HealthBody read(
      Backend.Format format, byte[] json, List<String> dependsOn, Set<String> mapped) {
    HealthBody body = new HealthBody(dependsOn, mapped);
    JsonNode root = format == Backend.Format.STATUS ? null : parse(json);
    if (root != null && root.isObject()) {
      body.pool = Pools.in(root);
      body.revision = revision(root);
      body.status = status(root);
      if (format == Backend.Format.ACTUATOR) {
        body.component("", root);
      } else {
        body.checks(root);
      }
    }
    return body;
  }

  /** By the members {@code releaseId} and {@code version} of the draft. */
  private static @Nullable String revision(JsonNode root) {
    for (String name : List.of("releaseId", "version")) {
      JsonNode value = root.path(name);
      if (value.isString() && value.stringValue().matches("[\\w.+:/@-]{1,80}")) {
        return value.stringValue();
      }
    }
    return null;
  }

  private static @Nullable String status(JsonNode root) {
    JsonNode word = root.path("status");
    return word.isString() && word.stringValue().matches("[A-Za-z_-]{1,40}")
        ? word.stringValue().toLowerCase(Locale.ROOT)
        : null;
  }

  private static @Nullable JsonNode parse(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (JacksonException e) {
      return null;
    }
  }

  List<Complaint> complaints() {
    return complaints;
  }

  @Nullable String revision() {
    return revision;
  }

  /** What the body as a whole calls its state, in small letters. */
  @Nullable String status() {
    return status;
  }

  @Nullable PoolFigures pool() {
    return pool;
  }

  /** A failing component of Actuator; where its parts fail, they tell more than it does. */
  private void component(String name, JsonNode node) {
    if (well(node)) {
      return;
    }
    boolean parts = false;
    for (JsonNode holder : List.of(node, node.path("components"), node.path("details"))) {
      for (Map.Entry<String, JsonNode> part : holder.properties()) {
        if (part.getValue().path("status").isString() && !well(part.getValue())) {
          parts = true;
          component(name.isEmpty() ? part.getKey() : name + "/" + part.getKey(), part.getValue());
        }
      }
    }
    if (!parts) {
      complain(name, errors(node) + errors(node.path("details")));
    }
  }

  /** The checks of draft-inadarei-api-health-check, keyed {@code component:measurement}. */
  private void checks(JsonNode root) {
    for (Map.Entry<String, JsonNode> check : root.path("checks").properties()) {
      Iterable<JsonNode> parts =
          check.getValue().isArray() ? check.getValue() : List.of(check.getValue());
      for (JsonNode part : parts) {
        if (part.path("status").isString() && !well(part)) {
          complain(check.getKey(), errors(part));
        }
      }
    }
    if (complaints.isEmpty() && !well(root)) {
      complain("", errors(root));
    }
  }

  private void complain(String component, String text) {
    if (!text.isBlank() && complaints.size() < MOST_COMPLAINTS) {
      String bounded = text.strip();
      bounded = bounded.length() > LONGEST ? bounded.substring(0, LONGEST) : bounded;
      complaints.add(new Complaint(component, bounded, components.dependency(component, bounded)));
    }
  }

  private static String errors(JsonNode node) {
    StringBuilder text = new StringBuilder();
    for (String name : ERRORS) {
      JsonNode value = node.path(name);
      if (value.isString()) {
        text.append(value.stringValue()).append(' ');
      }
    }
    return text.toString();
  }

  private static boolean well(JsonNode node) {
    String status = node.path("status").asString("").toUpperCase(Locale.ROOT);
    return WELL.contains(status);
  }
}
