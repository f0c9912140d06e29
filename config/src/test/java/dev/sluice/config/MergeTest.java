package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeTest {
  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private LoadResult load(Path... paths) {
    return ConfigurationLoader.load(List.of(paths), name -> null);
  }

  private List<String> printed(LoadResult result) {
    return result.problems().stream().map(p -> p.toString().replace(folder + "/", "")).toList();
  }

  @Test
  void aFolderIsReadAsOneConfiguration() throws IOException {
    file("b.yaml", "backends: [ { id: two, url: 'http://h:2' } ]\nlisten: { port: 0 }");
    file("a.yaml", "backends: [ { id: one, url: 'http://h:1' } ]\nenvironment: staging");
    file("r.yaml", "routes: [ { id: r, match: { path: /r }, backend: two } ]");
    file("notes.txt", "not: [yaml");

    LoadResult result = load(folder, folder.resolve("a.yaml"));

    assertThat(printed(result)).isEmpty();
    Configuration whole = Objects.requireNonNull(result.configuration());
    assertThat(whole.backends()).extracting(Backend::id).containsExactly("one", "two");
    assertThat(whole.listen().port()).isZero();
    assertThat(whole.breaker().failures()).isEqualTo(5);
    assertThat(whole.dependenciesOf(whole.routes().get(0))).isEmpty();
  }

  @Test
  void whatIsGivenInTwoFilesNamesBothPlaces() throws IOException {
    Path a = file("a.yaml", "mode: observe\nbackends: [ { id: one, url: 'http://h:1' } ]");
    Path b = file("b.yaml", "backends: [ { id: one, url: 'http://h:2' } ]\nmode: enforce");

    assertThat(printed(load(a, b)))
        .containsExactly(
            "b.yaml:1:19: backend id 'one' is given twice (first as a backend at a.yaml:2:19)",
            "b.yaml:2:7: 'mode' is given in two files (first at a.yaml:1:7)");
  }

  @Test
  void problemsOfEveryFileAreReportedAtOnce() throws IOException {
    Path a = file("a.yaml", "listen: { port: x }");
    Path b = file("b.yaml", "admin: [");
    Path missing = folder.resolve("missing.yaml");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Path binary = Files.write(folder.resolve("c.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});

    assertThat(printed(load(a, b, missing, empty, binary)))
        .containsExactly(
            "a.yaml:1:17: port must be a whole number from 0 to 65535, not 'x'",
            "b.yaml:1:9: not YAML: expected the node content, but found '<stream end>'",
            "c.yaml:1:1: the file is not UTF-8: it has the byte 0xff here (save it as UTF-8)",
            "empty:1:1: the folder has no *.yaml file",
            "missing.yaml:1:1: there is no such file");
  }

  @Test
  void noFileAtAllIsAProblem() {
    LoadResult result = load();

    assertThat(result.configuration()).isNull();
    assertThat(result.errors()).hasSize(1);
  }

  @Test
  void whatIsOptionalIsUsedAndNotNeeded() throws IOException {
    Path file =
        file(
            "needs.yaml",
            """
            dependencies:
              - { id: db, type: tcp, url: "tcp://a:1" }
              - { id: cache, type: tcp, url: "tcp://b:1", required: false }
              - { id: mail, type: tcp, url: "tcp://c:1" }
            backends:
              - id: app
                url: "http://127.0.0.1:1"
                depends-on: [db, cache, { id: mail, required: false }]
            routes:
              - { id: all, match: { path: /a }, backend: app }
              - id: own
                match: { path: /b }
                backend: app
                uses: [{ id: db, required: false }, { id: cache, required: true }, { id: mail }]
            """);
    Configuration whole = Objects.requireNonNull(load(file).configuration());
    Route all = whole.route("all").orElseThrow();
    Route own = whole.route("own").orElseThrow();
    assertThat(whole.usedBy(all)).containsExactly("db", "cache", "mail");
    assertThat(whole.dependenciesOf(all)).containsExactly("db");
    assertThat(whole.usedBy(own)).containsExactly("db", "cache", "mail");
    assertThat(whole.dependenciesOf(own)).containsExactly("cache", "mail");
  }
}
