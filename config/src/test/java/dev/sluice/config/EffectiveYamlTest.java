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

  private static Configuration loaded(Path file, Map<String, String> environment) {
    LoadResult result = ConfigurationLoader.load(List.of(file), environment::get);
    assertThat(result.errors()).isEmpty();
    return Objects.requireNonNull(result.configuration());
  }

  private Path written(String text) throws IOException {
    return Files.writeString(folder.resolve("effective.yaml"), text);
  }

  @Test
  void loadsAgainAsTheSameConfiguration() throws IOException {
    Configuration first = loaded(Path.of("src/test/resources/good/complete.yaml"), Map.of());
    String text = EffectiveYaml.print(first);

    Configuration second = loaded(written(text), Map.of());

    assertThat(second)
        .usingRecursiveComparison()
        .ignoringFieldsOfTypes(Place.class)
        .isEqualTo(first);
    assertThat(EffectiveYaml.print(second)).isEqualTo(text);
    assertThat(second.environment()).isEqualTo("a \"quoted\" name for $5, é and 😀");
  }

  @Test
  void masksEverySecretSoThatOnlyTheKeyIsMissed() throws IOException {
    Path file =
        written(
            """
            admin: { token: "${TOKEN}" }
            store: { url: "sqlite:./s.db", key: "${KEY}" }
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
        .contains("token: \"***\"", "key: \"***\"", "u:***@h:5432/d")
        .contains("drain: 8s", "max-connections: 10000");
    assertThat(ConfigurationLoader.load(List.of(written(text)), name -> null).errors())
        .extracting(Problem::message)
        .containsExactly("the store's key is not 32 bytes in base64");
  }
}
