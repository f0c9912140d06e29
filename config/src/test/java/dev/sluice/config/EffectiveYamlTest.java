package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EffectiveYamlTest {
  @TempDir Path folder;

  private static LoadResult loaded(Path file, Map<String, String> environment) {
    LoadResult result = ConfigurationLoader.load(List.of(file), environment::get);
    assertThat(result.errors()).isEmpty();
    return result;
  }

  private static Configuration whole(LoadResult result) {
    return Objects.requireNonNull(result.configuration());
  }

  private Path written(String text) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "effective", ".yaml"), text);
  }

  @Test
  void loadsAgainAsTheSameConfiguration() throws IOException {
    LoadResult first = loaded(Path.of("src/test/resources/good/complete.yaml"), Keys.OF_COMPLETE);
    String text = EffectiveYaml.print(first);

    LoadResult second = loaded(written(text), Keys.OF_COMPLETE);

    assertThat(whole(second))
        .usingRecursiveComparison()
        .ignoringFieldsOfTypes(Place.class)
        .isEqualTo(whole(first));
    assertThat(EffectiveYaml.print(second)).isEqualTo(text);
    assertThat(whole(second).environment()).isEqualTo("a \"quoted\" name for $5, é and 😀");
  }

  @Test
  void masksEverySecretSoThatOnlyTheKeyIsMissed() throws IOException {
    Path file =
        written(
            """
            admin: { token: "${TOKEN}" }
            store: { url: "sqlite:./s.db", key: "${KEY}", accept-volatile: true }
            dependencies: [ { id: db, type: postgresql, url: "${URL}" } ]
            """);
    Map<String, String> environment =
        Map.of(
            "TOKEN", "hunter2hunter2hunter2",
            "KEY", "aHVudGVyMmh1bnRlcjJodW50ZXIyaHVudGVyMmh1bnQ=",
            "URL", "postgresql://u:hunter2@h/d");

    String text = EffectiveYaml.print(loaded(file, environment));

    assertThat(text)
        .doesNotContain("hunter2", "aHVud")
        .contains("token: \"${TOKEN}\"", "key: \"${KEY}\"", "url: \"${URL}\"")
        .contains("drain: 8s", "max-connections: 10000");
    assertThat(whole(loaded(written(text), environment)))
        .usingRecursiveComparison()
        .ignoringFieldsOfTypes(Place.class)
        .isEqualTo(whole(loaded(file, environment)));
  }

  @Test
  void masksWhatTheFileItselfHoldsInSecret() throws IOException {
    Path file =
        written(
            """
            admin: { token: "hunter2hunter2hunter2" }
            dependencies:
              - { id: db, type: postgresql, url: "postgresql://u:hunter2@h/d" }
              - { id: split, type: postgresql, url: "postgresql://u:hunter2@${HOST:hunter2}/d" }
              - { id: own, type: postgresql, url: "postgresql://u:${WORD}@h/d?sslmode=require" }
              - { id: web, type: http, url: "https://h/x?key=hunter2&hunter2" }
            backends:
              - { id: b, url: "http://h:1", health: { path: "/health?key=hunter2&part=${HOST}" } }
            """);

    LoadResult result = loaded(file, Map.of("HOST", "fr0m-outside", "WORD", "hunter2"));
    String text = EffectiveYaml.print(result);

    assertThat(text)
        .doesNotContain("hunter2", "fr0m-outside")
        .contains("token: \"***\"", "u:***@h:5432/d", "u:***@${HOST}/d")
        .contains("u:${WORD}@h/d?sslmode=require", "https://h/x?key=***&***")
        .contains("path: \"/health?key=***&part=${HOST}\"");
    Configuration configuration = whole(result);
    assertThat(configuration.toString() + configuration.dependencies() + configuration.backends())
        .doesNotContain("hunter2");
  }

  @Test
  void printsNoValueOfTheEnvironment() throws IOException {
    Path file =
        written(
            """
            environment: "${NAME}"
            listen: { port: "${PORT:8080}", drain: "${DRAIN:9s}", trusted-proxies: ["${RANGE}"] }
            backends: [ { id: b, url: "http://h:${PORT}" } ]
            routes:
              - { id: r, match: { path: "/${NAME}/$$1", methods: [GET, "${VERB}"] }, backend: b }
            """);
    Map<String, String> environment =
        Map.of("NAME", "fr0m-outside", "PORT", "1234", "RANGE", "10.9.8.0/24", "VERB", "PURGE");

    String text = EffectiveYaml.print(loaded(file, environment));

    assertThat(text)
        .doesNotContain("fr0m-outside", "1234", "10.9.8.0", "PURGE")
        .contains("environment: \"${NAME}\"", "port: \"${PORT:8080}\"", "drain: 9s")
        .contains("trusted-proxies: [\"${RANGE}\"]", "methods: [\"GET\", \"${VERB}\"]")
        .contains("path: \"/${NAME}/$$1\"");
    assertThat(whole(loaded(written(text), environment)))
        .usingRecursiveComparison()
        .ignoringFieldsOfTypes(Place.class)
        .isEqualTo(whole(loaded(file, environment)));
  }
}
