package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.tour.Caller;
import dev.sluice.demo.tour.Stand;
import dev.sluice.gateway.cli.SluiceCommand;
import dev.sluice.probes.mode.ServiceMode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What is taken home from an outage, for a post-mortem and for a vendor. */
@Timeout(90)
class ReportTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir private Path folder;

  private static String typed(int code, String... arguments) {
    StringWriter out = new StringWriter();
    CommandLine line =
        SluiceCommand.line().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
    assertThat(SluiceCommand.run(line, arguments)).as(out.toString()).isEqualTo(code);
    return out.toString();
  }

  @Test
  void anOutageIsReportedAndABundleHoldsNoSecret() throws IOException {
    try (Stand stand = Stand.start(0, 0, (world, text) -> text)) {
      String admin = "http://127.0.0.1:" + stand.gateway().adminPort();
      await().atMost(PATIENCE).until(() -> stand.gateway().posture().mode() == ServiceMode.FULL);
      assertThat(typed(0, "report", "--admin", admin)).contains("no outage is known");
      stand.world().databaseProxy().mode(Mode.REFUSE);
      Caller caller = new Caller(() -> stand.gateway().adminPort());
      await().atMost(PATIENCE).until(() -> caller.get("/outages").body().contains("firing"));
      assertThat(typed(0, "report", "--admin", admin))
          .contains("# Outage ", "The application is exonerated by", "| Ended | it lasts |");
      assertThat(typed(1, "report", "--admin", admin, "--outage", "none")).contains("no outage");
      Path file = folder.resolve("bundle.zip");
      String told =
          typed(
              0,
              "report",
              "--support",
              "--admin",
              admin,
              "--out",
              file.toString(),
              "--config",
              stand.routes().toString());
      assertThat(told).contains("verdict.json", "routes.yaml", "outage.md");
      String again = typed(2, "report", "--support", "--admin", admin, "--out", file.toString());
      assertThat(again).contains("is there already: name another file with --out");
      assertThat(contents(file))
          .hasSizeGreaterThanOrEqualTo(8)
          .noneMatch(text -> text.contains(stand.world().adminToken()))
          .noneMatch(text -> text.contains(stand.world().storeKey()))
          .noneMatch(text -> text.contains("probe-of-the-demo"));
    }
  }

  private static List<String> contents(Path file) throws IOException {
    List<String> texts = new ArrayList<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        texts.add(new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return texts;
  }
}
