package dev.sluice.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.Configuration;
import dev.sluice.config.ConfigurationLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrappingTest {
  private static final List<String> COMMAND = List.of("java", "-jar", "app.jar");

  @TempDir private Path folder;

  private Configuration file(String... urls) throws IOException {
    StringBuilder text =
        new StringBuilder("environment: test\nlisten: { port: 8080 }\nbackends:\n");
    for (int i = 0; i < urls.length; i++) {
      text.append("  - { id: b%d, url: \"%s\" }\n".formatted(i, urls[i]));
    }
    text.append("routes:\n  - { id: all, match: { path: /** }, backend: b0 }\n");
    Path path = Files.writeString(folder.resolve("routes.yaml"), text);
    return ConfigurationLoader.load(List.of(path), Map.<String, String>of()::get).configuration();
  }

  @Test
  void itIsTheOnlyBackendOnThisHostAndIsToldWhereToListen() throws Exception {
    Configuration file = file("http://10.0.0.7:80", "http://127.0.0.1:8081");
    Map<String, String> own =
        Map.of("PORT", "8080", "HOME", "/root", "SLUICE_STORE_KEY", "secret", "DB", "x");
    Wrapping wrapping = Wrapping.of(COMMAND, file, "", own);
    assertThat(wrapping.backend().id()).isEqualTo("b1");
    assertThat(wrapping.environment())
        .isEqualTo(Map.of("PORT", "8081", "HOME", "/root", "DB", "x"));
  }

  @Test
  void whatIsUnclearIsSaid() throws Exception {
    refused(file("http://10.0.0.7:80"), "", "no backend of the files has a url such as");
    Configuration two = file("http://127.0.0.1:8081", "http://localhost:8082");
    refused(
        two, "", "several backends are on this host (b0, b1): name the command's with --backend");
    refused(two, "b7", "no backend on this host is called b7: there is b0, b1");
    assertThat(Wrapping.of(COMMAND, two, "b1", Map.of()).environment())
        .containsEntry("PORT", "8082");
    refused(file("http://127.0.0.1:8080"), "", "cannot both listen on port 8080");
  }

  private static void refused(Configuration file, String id, String why) {
    assertThatThrownBy(() -> Wrapping.of(COMMAND, file, id, Map.of()))
        .isInstanceOf(Wrapping.Unclear.class)
        .hasMessageContaining(why);
  }
}
