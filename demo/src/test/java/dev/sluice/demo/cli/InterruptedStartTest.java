package dev.sluice.demo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM at any moment leaves nothing but the unpacked PostgreSQL, which the next start uses. */
@Timeout(300)
class InterruptedStartTest {
  private static final String BINARIES = "sluice-postgres-[^/]+-[0-9a-f]{16}";

  /** A moment of the start: as soon as a file is there or a line is printed. */
  private record Moment(String file, String line) {
    static Moment file(String pattern) {
      return new Moment(pattern, "");
    }

    static Moment line(String part) {
      return new Moment("", part);
    }

    boolean come(Path temporary, DemoProcess demo) throws IOException {
      return file.isEmpty()
          ? demo.text().contains(line)
          : files(temporary).stream().anyMatch(path -> path.matches(file));
    }
  }

  private static final List<Moment> MOMENTS =
      List.of(
          Moment.file("sluice-postgres-unpacking-[0-9]+/bin/.*"),
          Moment.file("sluice-database-[0-9]+"),
          Moment.file("sluice-database-[0-9]+/data/PG_VERSION"),
          Moment.file("sluice-database-[0-9]+/data/global/pg_control"),
          Moment.file("sluice-database-[0-9]+/data/postmaster.pid"),
          Moment.file("sluice-demo-[0-9]+/routes.yaml"),
          Moment.file("sluice-demo-[0-9]+/sluice.db"));

  @Test
  void theDemoLeavesNothing(@TempDir Path temporary) throws IOException {
    for (Moment moment : MOMENTS) {
      interrupt(temporary, moment, "--port", "0", "--admin-port", "0");
    }
    interrupt(temporary, Moment.line("status page"), "--port", "0", "--admin-port", "0");
  }

  @Test
  void theTourLeavesNothing(@TempDir Path temporary) throws IOException {
    for (Moment moment : List.of(MOMENTS.get(2), MOMENTS.get(4), Moment.line("answers 201"))) {
      interrupt(temporary, moment, "--tour");
    }
  }

  private static void interrupt(Path temporary, Moment moment, String... arguments)
      throws IOException {
    try (DemoProcess demo = DemoProcess.start(temporary, arguments)) {
      await(moment.toString())
          .atMost(Duration.ofSeconds(60))
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(2))
          .until(() -> moment.come(temporary, demo) || !demo.alive());
      demo.terminate();
      await("the end after " + moment)
          .atMost(Duration.ofSeconds(30))
          .until(() -> !demo.alive() && demo.group().isEmpty());
      assertThat(demo.exitCode()).as(demo.text()).isEqualTo(143);
      assertThat(files(temporary))
          .as(moment + ": " + demo.text())
          .allMatch(path -> path.matches(BINARIES + "(/.*)?"));
      assertThat(demo.text()).doesNotContain("Exception", "demo:", "broke");
    }
  }

  private static List<String> files(Path temporary) {
    try (Stream<Path> files = Files.find(temporary, 4, (path, attributes) -> true)) {
      return files.skip(1).map(path -> temporary.relativize(path).toString()).toList();
    } catch (IOException | java.io.UncheckedIOException changing) {
      return List.of();
    }
  }
}
