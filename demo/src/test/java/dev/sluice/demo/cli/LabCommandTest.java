package dev.sluice.demo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.cli.SluiceCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class LabCommandTest {
  private final StringWriter out = new StringWriter();
  private final CommandLine line =
      SluiceCommand.line(new DemoMain(), new LabCommand())
          .setOut(new PrintWriter(out))
          .setErr(new PrintWriter(out));

  @Test
  void listsTheFaults() {
    assertThat(DemoMain.run(line, "lab", "--list")).isZero();
    assertThat(out.toString().lines()).hasSizeGreaterThan(50);
    assertThat(out.toString()).contains("connector-down", "the VPC connector passes nothing");
  }

  @Test
  void aFaultThatIsUnknownIsExitTwo() {
    assertThat(DemoMain.run(line, "lab", "--fault", "moon")).isEqualTo(2);
    assertThat(out.toString()).contains("There is no fault moon; --list shows them.");
  }

  @Test
  void boundsOfTheOptionsAreTold() {
    assertThat(DemoMain.run(line, "lab", "--rounds", "0")).isEqualTo(2);
    assertThat(out.toString()).contains("--rounds is from 1 to 100");
  }
}
