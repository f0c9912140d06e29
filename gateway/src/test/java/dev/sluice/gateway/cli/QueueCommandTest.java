package dev.sluice.gateway.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Store;
import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.store.SqliteStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class QueueCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String routes;
  private String more;
  private String id;

  @BeforeEach
  void fill() throws IOException {
    Path file = folder.resolve("sluice.db");
    routes =
        Files.writeString(
                folder.resolve("routes.yaml"),
                "store: { url: \"sqlite:%s\", accept-volatile: true }\n".formatted(file))
            .toString();
    more =
        Files.writeString(
                folder.resolve("more.yaml"),
                "backends: [ { id: orders, url: \"http://127.0.0.1:1\" } ]\n")
            .toString();
    Store config = new Store(file.toString(), null, 10, 1 << 20, Duration.ofHours(1));
    try (SqliteStore store = SqliteStore.open(config, InstantSource.system())) {
      id = store.accept(write()).orTimeout(10, SECONDS).join().id();
    }
  }

  private static NewWrite write() {
    return new NewWrite(
        "orders-write",
        "PUT",
        "/orders/7",
        "shop",
        List.of(),
        new byte[] {1},
        "/orders/7",
        null,
        "f",
        "p",
        Duration.ofHours(1));
  }

  private int queue(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = SluiceCommand.line();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    String[] all = new String[arguments.length + 1];
    all[0] = "queue";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return line.execute(all);
  }

  @Test
  void showTakesFilesAndIdInAnyOrder() {
    for (String[] order :
        List.of(
            new String[] {"show", id, "--config", routes, more},
            new String[] {"show", "--config", routes, id},
            new String[] {"show", "--config", routes, more, id},
            new String[] {"show", "--config=" + routes, "--config=" + more, id},
            new String[] {"show", "--config", routes, "--", id})) {
      assertThat(queue(order)).as(String.join(" ", order) + ": " + err).isZero();
      assertThat(out.toString()).contains(id, "PUT /orders/7", "attempts 0");
    }
  }

  @Test
  void aMissingIdAndAnUnknownOneAreToldApart() {
    assertThat(queue("show", "--config", routes)).isEqualTo(Exit.USAGE);
    assertThat(err.toString()).contains("its ID is missing");
    assertThat(queue("show", "--config", routes, "nothing")).isEqualTo(Exit.FAILED);
    assertThat(err.toString()).contains("no write has the id nothing");
  }

  @Test
  void discardAndRetryTakeThemAlike() {
    assertThat(queue("discard", "--config", routes, id)).isZero();
    assertThat(queue("retry", "--config", routes, id)).isEqualTo(Exit.FAILED);
    assertThat(out.toString()).contains("its state does not allow that");
    assertThat(queue("list", "--config", routes, more)).isZero();
    assertThat(out.toString()).contains("CANCELLED");
    assertThat(queue("verify", "--config", routes)).isZero();
  }
}
