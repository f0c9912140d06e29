package dev.sluice.demo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.cli.SluiceCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The larger jar takes every command of the smaller one. */
class DemoMainTest {
  private final StringWriter out = new StringWriter();
  private final CommandLine line =
      SluiceCommand.line(new DemoMain()).setOut(new PrintWriter(out)).setErr(new PrintWriter(out));

  @Test
  void theGatewaysCommandsAreTaken() {
    assertThat(DemoMain.run(line, "schema")).isZero();
    assertThat(out.toString()).contains("$schema");
  }

  @Test
  void theHelpKnowsTheDemoToo() {
    assertThat(DemoMain.run(line, "--help")).isZero();
    assertThat(out.toString()).contains("  demo ", "  check ", "  run ");
  }

  @Test
  void withoutACommandTheDemoIsMeant() {
    assertThat(DemoMain.run(line, "--port", "none")).isEqualTo(2);
    assertThat(out.toString()).contains("'none' is not an int", "sluice demo --help");
  }

  @Test
  void aBrokenFileIsExitTwo() {
    assertThat(DemoMain.run(line, "check", "--config", "missing.yaml")).isEqualTo(2);
    assertThat(out.toString()).startsWith("missing.yaml:1:1: there is no such file");
  }
}
