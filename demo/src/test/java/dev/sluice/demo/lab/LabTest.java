package dev.sluice.demo.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The short selection of the lab: every build breaks real parts. */
@Timeout(240)
class LabTest {
  @Test
  void theShortSelectionIsToldRightly() {
    List<Fault> often = Catalogue.all().stream().filter(f -> f.is(Fault.Trait.OFTEN)).toList();
    assertThat(often).hasSizeGreaterThanOrEqualTo(12);
    List<Outcome> outcomes = Lab.run(often, 1, 6, line -> {});
    assertThat(outcomes).hasSize(often.size());
    String all = outcomes.stream().map(Outcome::toString).collect(Collectors.joining("\n"));
    assertThat(outcomes).as(all).allMatch(Outcome::detailsRight);
    assertThat(new Score(outcomes).wronged()).as(all).isZero();
  }

  @Test
  void theCatalogueHasFiftyFaultsWithNamesOfTheirOwn() {
    List<String> ids = Catalogue.all().stream().map(Fault::id).toList();
    assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(50);
  }

  @Test
  void aReportIsWritten(@TempDir Path folder) throws Exception {
    StringWriter out = new StringWriter();
    boolean held =
        Laboratory.run(
            new Laboratory.Order(List.of("calm"), false, 1, 1, folder), new PrintWriter(out));
    assertThat(held).as(out.toString()).isTrue();
    assertThat(Files.readString(folder.resolve("report.txt"))).contains("right   calm");
    assertThat(Files.readString(folder.resolve("report.json"))).contains("\"fault\" : \"calm\"");
  }

  @Test
  void calmHoursRaiseNoAlarm() {
    for (long seed = 1; seed <= 5; seed++) {
      assertThat(Laboratory.calmHour(seed)).as("seed " + seed).isEmpty();
    }
  }
}
