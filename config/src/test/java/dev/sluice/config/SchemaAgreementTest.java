package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The schema and the loader accept and refuse the same structure. */
class SchemaAgreementTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path RESOURCES = Path.of("src/test/resources");

  /** Broken in what only the loader can see: values, ids, relations, or YAML itself. */
  private static final Set<String> BEYOND_SCHEMA =
      Set.of(
          "anchors.yaml",
          "at-sign.yaml",
          "alerts.yaml",
          "authorities.yaml",
          "certificates.yaml",
          "backtick.yaml",
          "bad-paths.yaml",
          "colon.yaml",
          "control-character.yaml",
          "duplicate-ids.yaml",
          "duplicate-key.yaml",
          "health-routes.yaml",
          "jdbc-url.yaml",
          "learning-bounds.yaml",
          "lint.yaml",
          "list-key.yaml",
          "metadata.yaml",
          "network-circle.yaml",
          "not-yaml.yaml",
          "open-quote.yaml",
          "percent.yaml",
          "queue-in-the-clear.yaml",
          "queue-with-credentials.yaml",
          "queue-without-store.yaml",
          "redis-urls.yaml",
          "reserved-paths.yaml",
          "same-requests.yaml",
          "second-document.yaml",
          "tab.yaml",
          "template.yaml",
          "template-syntax.yaml",
          "unknown-ids.yaml",
          "unreachable.yaml",
          "unworkable-paths.yaml",
          "variables.yaml",
          "yaml-version.yaml");

  private final Schema schema =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(RouteFileSchema.text());

  @TempDir Path folder;

  private record Mutation(String what, JsonNode tree) {}

  private static JsonNode tree(Path file) throws IOException {
    Load load = new Load(LoadSettings.builder().build());
    return JSON.valueToTree(load.loadFromString(Files.readString(file)));
  }

  private List<Problem> errors(JsonNode tree) throws IOException {
    Path file = Files.writeString(folder.resolve("f.yaml"), tree.toPrettyString());
    return ConfigurationLoader.load(List.of(file), name -> null).errors();
  }

  @Test
  void bothAcceptTheGoodFiles() throws IOException {
    try (Stream<Path> files = Files.list(RESOURCES.resolve("good"))) {
      for (Path file : files.toList()) {
        assertThat(schema.validate(tree(file))).as(file.toString()).isEmpty();
      }
    }
  }

  @Test
  void theSchemaRefusesWhatIsBrokenInStructure() throws IOException {
    for (Path file : BrokenFilesTest.files()) {
      if (!BEYOND_SCHEMA.contains(String.valueOf(file.getFileName()))) {
        assertThat(schema.validate(tree(file))).as(file.toString()).isNotEmpty();
      }
    }
  }

  @Test
  void bothAgreeOnEveryMutation() throws IOException {
    JsonNode good = tree(RESOURCES.resolve("good/complete.yaml"));
    assertThat(errors(good)).isEmpty();
    List<String> disagreements = new ArrayList<>();
    List<Mutation> mutations = mutations(good);
    for (Mutation mutation : mutations) {
      boolean refused = !schema.validate(mutation.tree()).isEmpty();
      List<Problem> errors = errors(mutation.tree());
      boolean structural = errors.stream().anyMatch(SchemaAgreementTest::structural);
      if (refused != structural) {
        disagreements.add(mutation.what() + ": schema " + refused + ", loader " + errors);
      }
    }
    assertThat(mutations).hasSizeGreaterThan(500);
    assertThat(disagreements).isEmpty();
  }

  private static boolean structural(Problem problem) {
    return Stream.of(
            "there is no ",
            "a route with writes needs",
            "a health route ",
            "only a postgresql dependency",
            "url must be a PostgreSQL URL",
            "url must be an http",
            "url must be http://",
            "proxy-protocol needs",
            "principal jwt(...) needs",
            "override-cache-control is for",
            "tls needs an https url",
            "the urls of one backend",
            "server-name must be a host",
            "ca must be a PEM file",
            "client-ca must be a PEM",
            "a route with websocket",
            "websocket needs",
            "the certificate cannot be used",
            "client-certificates needs",
            "a redirect has status",
            "to must be a path or a URL",
            "the origin * stands alone",
            "host must be backend or",
            "value must be printable",
            "frames or routes messages",
            "url must be tcp://",
            "url must be redis://",
            "url names ",
            "host must be a name",
            "queueing requests",
            "this route takes",
            "project must be letters",
            "region must be letters",
            "connector must be letters",
            "db must be letters",
            "orders must be letters",
            "min-failures must not be above",
            "max-failures must not be below",
            "max-retry-after must not be below",
            "the store's key is not",
            "an old key is not",
            "without a store key",
            "the key that signs",
            "a receiver of this type needs",
            "a receiver's key is",
            "escalate needs",
            "hours end before",
            "there is no time zone",
            "runbook must be an http",
            "dashboard must be an http",
            "the store is on the server",
            "the store shares",
            "'word' is no address range")
        .noneMatch(problem.message()::startsWith);
  }

  /** Each value of the tree once removed and once replaced by each of some others. */
  private static List<Mutation> mutations(JsonNode good) {
    List<Mutation> mutations = new ArrayList<>();
    for (String pointer : pointers(good, "", new ArrayList<>())) {
      int slash = pointer.lastIndexOf('/');
      String parent = pointer.substring(0, slash);
      String key = pointer.substring(slash + 1);
      for (String value : List.of("[]", "{}", "7", "true", "\"word\"", "null", "\" \"")) {
        JsonNode copy = good.deepCopy();
        put(copy.at(parent), key, JSON.readTree(value));
        mutations.add(new Mutation(pointer + " = " + value, copy));
      }
      if (good.at(parent) instanceof ObjectNode) {
        JsonNode less = good.deepCopy();
        ((ObjectNode) less.at(parent)).remove(key);
        mutations.add(new Mutation("no " + pointer, less));
        JsonNode more = good.deepCopy();
        ((ObjectNode) more.at(parent)).put(key + "s", 1);
        mutations.add(new Mutation(pointer + "s added", more));
      }
    }
    return mutations;
  }

  private static void put(JsonNode parent, String key, JsonNode value) {
    if (parent instanceof ArrayNode array) {
      array.set(Integer.parseInt(key), value);
    } else {
      ((ObjectNode) parent).set(key, value);
    }
  }

  private static List<String> pointers(JsonNode node, String at, List<String> into) {
    if (node instanceof ObjectNode object) {
      for (String key : object.propertyNames()) {
        into.add(at + "/" + key);
        pointers(object.get(key), at + "/" + key, into);
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        into.add(at + "/" + i);
        pointers(array.get(i), at + "/" + i, into);
      }
    }
    return into;
  }
}
