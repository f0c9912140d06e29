package dev.sluice.demo.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.demo.cli.DemoMain;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The network's faults as the kernel makes them: packets are dropped, nothing is imitated. */
@Tag("root")
@Timeout(300)
class PacketDropTest {
  @Test
  void verdictsAreRightWherePacketsAreDropped(@TempDir Path folder) throws Exception {
    String said = lab(folder, "connector-down", "instance-down", "gateway-way-black-hole", "lossy");
    assertThat(said)
        .contains("in a network of its own, where packets are dropped")
        .containsPattern("cause right, the worst fault .* holds")
        .containsPattern("detail right, the worst fault .* holds")
        .containsPattern("blamed the wrong side .* holds")
        .doesNotContainPattern("(?m)^(wrong|detail) .* round [0-9]");
    Matcher dropped = Pattern.compile("packets dropped: (\\d+)").matcher(said);
    assertThat(dropped.find()).as(said).isTrue();
    assertThat(Long.parseLong(dropped.group(1))).isGreaterThan(50);
  }

  private static String lab(Path folder, String... faults) throws Exception {
    File output = folder.resolve("output").toFile();
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                DemoMain.class.getName(),
                "lab",
                "--rounds",
                "2",
                // A machine with two cores has no time for more.
                "--width",
                "3"));
    for (String fault : faults) {
      command.addAll(List.of("--fault", fault));
    }
    Process lab =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
    try {
      assertThat(lab.waitFor(280, TimeUnit.SECONDS)).isTrue();
      String said = Files.readString(output.toPath());
      // Its bars of time are for a machine that does nothing else.
      assertThat(lab.exitValue()).as(said).isBetween(0, 1);
      return said;
    } finally {
      lab.destroy();
    }
  }
}
