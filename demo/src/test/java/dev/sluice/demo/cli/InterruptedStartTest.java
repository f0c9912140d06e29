package dev.sluice.demo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
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
  private static final String BINARIES = "sluice-postgres-.+-[0-9a-f]{16}";

  /** A moment of the start: as soon as a folder has a file, or a line is printed. */
  private record Moment(String folder, String file, String line) {
    static Moment file(String folder, String file) {
      return new Moment(folder, file, "");
    }

    static Moment line(String part) {
      return new Moment("", "", part);
    }

    boolean come(Path temporary, DemoProcess demo) {
      return line.isEmpty()
          ? names(temporary).stream()
              .filter(name -> name.startsWith(folder))
              .anyMatch(name -> Files.exists(temporary.resolve(name).resolve(file)))
          : demo.text().contains(line);
    }
  }

  private static final List<Moment> MOMENTS =
      List.of(
          Moment.file("sluice-postgres-unpacking-", "bin/initdb"),
          Moment.file("sluice-database-", ""),
          Moment.file("sluice-database-", "data/PG_VERSION"),
          Moment.file("sluice-database-", "data/global/pg_control"),
          Moment.file("sluice-database-", "data/postmaster.pid"),
          Moment.file("sluice-demo-", "sluice.db"));

  @Test
  void theDemoLeavesNothing(@TempDir Path temporary) throws IOException {
    for (Moment moment : MOMENTS) {
      interrupt(temporary, moment, "--port", "0", "--admin-port", "0");
    }
    interrupt(temporary, Moment.line("status page"), "--port", "0", "--admin-port", "0");
  }

  @Test
  void theTourLeavesNothing(@TempDir Path temporary) throws IOException {
    for (Moment moment : List.of(MOMENTS.get(2), Moment.line("answers 201"))) {
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
      assertThat(names(temporary))
          .as(moment + ": " + demo.text())
          .allMatch(name -> name.matches(BINARIES));
      assertThat(demo.text()).doesNotContain("Exception", "demo: ", "sluice: ", "broke");
    }
  }

  private static List<String> names(Path temporary) {
    try (Stream<Path> files = Files.list(temporary)) {
      return files.map(path -> path.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
