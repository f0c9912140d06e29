package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RouteTextTest {
  @TempDir Path folder;

  private List<String> problems(Path path) {
    return ConfigurationLoader.load(List.of(path), name -> null).problems().stream()
        .map(p -> p.toString().replace(folder + "/", ""))
        .toList();
  }

  @Test
  void theFirstByteThatIsNoUtf8HasItsPlace() throws IOException {
    byte[] latin = "mode: observe\nenvironment: Zürich\n".getBytes(StandardCharsets.ISO_8859_1);

    assertThat(problems(Files.write(folder.resolve("f.yaml"), latin)))
        .containsExactly(
            "f.yaml:2:15: the file is not UTF-8: it has the byte 0xfc here (save it as UTF-8)");
  }

  @Test
  void columnsCountCharactersAndNotBytes() throws IOException {
    Path file = Files.writeString(folder.resolve("f.yaml"), "environment: \"é😀\u0001\"\n");

    assertThat(problems(file))
        .singleElement()
        .asString()
        .startsWith("f.yaml:1:17: YAML does not allow the character U+0001 here");
  }

  @Test
  @Timeout(20)
  void aDeviceWithoutAnEndIsRefused() {
    assertThat(problems(Path.of("/dev/zero")))
        .containsExactly(
            "/dev/zero:1:1: this is no regular file (name a file, or a folder of *.yaml)");
  }

  @Test
  void aFileThatClaimsToBeEmptyIsReadAllTheSame() {
    assertThat(problems(Path.of("/proc/self/status")))
        .singleElement()
        .asString()
        .doesNotContain("empty");
  }

  @Test
  void aFolderSpeaksOfTheFilesThatItPassesOver() throws IOException {
    Files.writeString(folder.resolve("a.yml"), "mode: observe");

    assertThat(problems(folder))
        .anyMatch(text -> text.endsWith(":1:1: the folder has no *.yaml file"))
        .contains(
            "a.yml:1:1: warning: a .yml file of a folder is not read"
                + " (name it *.yaml, or name it by itself)");
  }

  @Test
  void whatMayNotBeReadIsNotSaidToBeMissing() {
    assertThat(RouteText.reason(new AccessDeniedException("f"))).contains("permission");
    assertThat(RouteText.reason(new NoSuchFileException("f"))).contains("no such file");
    assertThat(RouteText.reason(new FileSystemException("f"))).contains("cannot be read");
  }
}
