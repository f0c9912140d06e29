package dev.sluice.demo.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.demo.e2e.Contended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The short selection of the lab: every build breaks real parts. */
@Timeout(240)
@Order(4)
@ResourceLock(value = Contended.PROCESSOR, mode = ResourceAccessMode.READ)
class LabTest {
  @Test
  void theShortSelectionIsToldRightlyAndReported(@TempDir Path folder) throws Exception {
    List<Fault> often = Catalogue.all().stream().filter(f -> f.is(Fault.Trait.OFTEN)).toList();
    assertThat(often).hasSizeGreaterThanOrEqualTo(12);
    List<Outcome> outcomes = Lab.run(often, 1, 6, line -> {});
    assertThat(outcomes).hasSize(often.size());
    String all = outcomes.stream().map(Outcome::toString).collect(Collectors.joining("\n"));
    assertThat(outcomes).as(all).allMatch(Outcome::detailsRight);
    Score score = new Score(outcomes);
    assertThat(score.wronged()).as(all).isZero();
    List<Bar> bars = Bar.of(score, List.of());
    Laboratory.write(folder, outcomes, bars, new Report(score, bars).lines());
    assertThat(Files.readString(folder.resolve("report.txt"))).contains("right   calm");
    assertThat(Files.readString(folder.resolve("report.json"))).contains("\"fault\" : \"calm\"");
  }

  @Test
  void theCatalogueHasFiftyFaultsWithNamesOfTheirOwn() {
    List<String> ids = Catalogue.all().stream().map(Fault::id).toList();
    assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(50);
  }

  @Test
  void nobodyIsToldAnythingInCalmDays() {
    for (long seed = 1; seed <= 3; seed++) {
      assertThat(Laboratory.calmDay(seed)).as("seed " + seed).isEmpty();
    }
  }

  @Test
  void calmHoursRaiseNoAlarm() {
    for (long seed = 1; seed <= 5; seed++) {
      assertThat(Laboratory.calmHour(seed)).as("seed " + seed).isEmpty();
    }
  }
}
