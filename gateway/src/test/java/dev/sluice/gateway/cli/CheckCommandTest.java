package dev.sluice.gateway.cli;

import static dev.sluice.gateway.cli.Typed.typed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.ConfigurationLoader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CheckCommandTest {
  private static final Path BROKEN = Path.of("../config/src/test/resources/broken");

  @TempDir Path folder;
  private String good;

  @BeforeEach
  void writeGood() throws IOException {
    good =
        Files.writeString(
                folder.resolve("good.yaml"),
                """
                backends: [ { id: orders, url: "http://127.0.0.1:8081" } ]
                routes: [ { id: api, match: { path: "/{id}" }, backend: orders } ]
                """)
            .toString();
  }

  static List<Path> broken() throws IOException {
    try (Stream<Path> files = Files.list(BROKEN)) {
      return files
          .filter(f -> !ConfigurationLoader.load(List.of(f), System::getenv).errors().isEmpty())
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("broken")
  void aFileWithAnErrorIsExitTwo(Path file) {
    Typed check = typed("check", "--config", file.toString());
    Typed explain = typed("explain", "GET", "/", "--config", file.toString());

    assertThat(check.exit()).isEqualTo(Exit.USAGE);
    assertThat(check.out()).isEmpty();
    assertThat(check.err().lines()).isNotEmpty().allMatch(line -> line.startsWith(file + ":"));
    assertThat(explain).isEqualTo(check);
  }

  /** As the pages on deploying have it; the second holds writes. */
  @Test
  void whatIsShippedForCloudRunIsAccepted() {
    Typed alone = typed("check", "--cloud-run", "--config", "../deploy/routes.yaml");
    assertThat(alone.exit()).isZero();
    assertThat(alone.err()).isEmpty();
    Typed front =
        typed(
            "check",
            "--service",
            "../deploy/cloud-run/front.yaml",
            "--max-connections",
            "100",
            "--config",
            "../deploy/front-routes.yaml",
            "../deploy/queue.yaml");
    assertThat(front.exit()).isZero();
    assertThat(front.err()).isEmpty();
    assertThat(front.out()).contains("4 routes, 1 backends, 1 dependencies: no errors");
  }

  @Test
  void aServiceIsCheckedBesideTheFiles() throws IOException {
    Path service =
        Files.writeString(
            folder.resolve("service.yaml"),
            Files.readString(Path.of("../deploy/cloud-run/sidecar.yaml"))
                .replace("cpu-throttling: \"false\"", "cpu-throttling: \"true\""));
    String routes = "../deploy/routes.yaml";
    Typed warned = typed("check", "--service", service.toString(), "--config", routes);
    assertThat(warned.exit()).isZero();
    assertThat(warned.err()).startsWith(service + ":16:").contains("CPU is throttled");
    Files.writeString(service, Files.readString(service).replace("timeoutSeconds", "timeout"));
    Typed refused = typed("check", "--service", service.toString(), "--config", routes);
    assertThat(refused.exit()).isEqualTo(Exit.USAGE);
    assertThat(refused.err()).contains("unknown key 'timeout'");
  }

  @Test
  void aWarningIsToldAndForgiven() {
    Typed check = typed("check", "--config", good);

    assertThat(check.exit()).isZero();
    assertThat(check.out())
        .isEqualToIgnoringNewLines("1 routes, 1 backends, 0 dependencies: no errors");
    assertThat(check.err()).startsWith(good + ":2:37: warning: braces in a path");
  }

  @Test
  void jsonHoldsEveryProblem() {
    Typed check = typed("check", "--format", "json", "--config", good);

    JsonNode problems = JsonMapper.builder().build().readTree(check.out());
    assertThat(check.exit()).isZero();
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0).get("severity").asString()).isEqualTo("WARNING");
    assertThat(problems.get(0).get("line").asInt()).isEqualTo(2);
    assertThat(problems.get(0).get("column").asInt()).isEqualTo(37);
  }

  @Test
  void effectivePrintsEveryDefault() {
    Typed check = typed("check", "--effective", "--config", good);

    assertThat(check.exit()).isZero();
    assertThat(check.out()).contains("  port: 8080", "response-deadline: 30s");
  }

  @Test
  void effectiveAsJsonIsRefusedWithAWayOut() {
    Typed check = typed("check", "--effective", "--format", "json", "--config", good);

    assertThat(check.exit()).isEqualTo(Exit.USAGE);
    assertThat(check.out()).isEmpty();
    assertThat(check.err()).contains("leave one of them out");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--cloud-rum", "--efective", "-x"})
  void whatLooksLikeAnOptionIsNeverAPath(String option) {
    Typed after = typed("check", "--config", good, option);
    Typed before = typed("check", option, "--config", good);

    assertThat(List.of(after.exit(), before.exit())).containsOnly(Exit.USAGE);
    assertThat(after.err()).contains(option).doesNotContain("no such file");
    assertThat(before.err()).contains(option);
  }

  @Test
  void wrongUseIsOneSentenceAndAHint() {
    assertThat(typed("check").err().lines())
        .containsExactly(
            "sluice: Missing required option: '--config=PATH'",
            "'sluice check --help' tells the usage");
    assertThat(typed().err())
        .contains("a command is missing: init, run, watch, agent, check, explain");
    assertThat(typed("chekc").exit()).isEqualTo(Exit.USAGE);
  }

  @Test
  void theSchemaIsJson() {
    Typed schema = typed("schema");

    assertThat(schema.exit()).isZero();
    assertThat(JsonMapper.builder().build().readTree(schema.out()).has("$schema")).isTrue();
  }

  @Test
  void theProcessPrintsWhatTheCommandSaid() throws IOException, InterruptedException {
    for (List<String> command : List.of(List.of("check", "--effective"), List.of("check"))) {
      Process process = child(command);
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(process.waitFor()).isZero();
      assertThat(out).isEqualTo(typed(command.get(0), last(command), "--config", good).out());
    }
  }

  private static String last(List<String> command) {
    return command.size() > 1 ? command.get(1) : "--format=text";
  }

  private Process child(List<String> command) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> line =
        Stream.of(
                Stream.of(java, "-cp", System.getProperty("java.class.path")),
                Stream.of(SluiceCommand.class.getName()),
                command.stream(),
                Stream.of("--config", good))
            .flatMap(part -> part)
            .toList();
    return new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }
}
