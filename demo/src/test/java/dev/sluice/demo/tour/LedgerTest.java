package dev.sluice.demo.tour;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final List<String> WRITTEN = List.of("tea 1", "cup-1 1", "cup-2 2");

  @Test
  void rowsWithoutAnOrderingKeyMayOvertakeOneAnother() {
    assertThat(ledger("tea 1", "cup-2 2", "cup-1 1").holdsExactly(WRITTEN)).isTrue();
  }

  @Test
  void aRowThatIsThereTwiceIsOneTooMany() {
    assertThat(ledger("tea 1", "cup-1 1", "cup-2 2", "cup-2 2").holdsExactly(WRITTEN)).isFalse();
  }

  @Test
  void aRowThatIsMissingOrAnotherIsNoticed() {
    assertThat(ledger("tea 1", "cup-1 1").holdsExactly(WRITTEN)).isFalse();
    assertThat(ledger("tea 1", "cup-1 1", "cup-3 3").holdsExactly(WRITTEN)).isFalse();
  }

  private static Ledger ledger(String... rows) {
    return new Ledger(List.of(rows), List.of());
  }
}
