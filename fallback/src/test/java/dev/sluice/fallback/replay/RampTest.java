package dev.sluice.fallback.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RampTest {
  private static void window(Ramp ramp) {
    for (int outcomes = ramp.level(); outcomes > 0; outcomes--) {
      ramp.good();
    }
  }

  private static List<Integer> windows(Ramp ramp, int count) {
    List<Integer> levels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      window(ramp);
      levels.add(ramp.level());
    }
    return levels;
  }

  @Test
  void beginsWithOneAndDoublesUpToTheBound() {
    Ramp ramp = new Ramp(16);

    assertThat(ramp.level()).isEqualTo(1);
    assertThat(windows(ramp, 6)).containsExactly(2, 4, 8, 16, 16, 16);
  }

  @Test
  void doublingNeverPassesABoundThatIsNoPowerOfTwo() {
    assertThat(windows(new Ramp(5), 4)).containsExactly(2, 4, 5, 5);
    assertThat(windows(new Ramp(1), 2)).containsExactly(1, 1);
  }

  @Test
  void troubleHalvesAndAfterItOneIsAddedPerWindow() {
    Ramp ramp = new Ramp(16);
    windows(ramp, 4);
    ramp.trouble();

    assertThat(ramp.level()).isEqualTo(8);
    assertThat(windows(ramp, 3)).containsExactly(9, 10, 11);
  }

  @Test
  void afterAClosedGateItBeginsWithOneAndDoublesToHalfOfTheLastGoodLevel() {
    Ramp ramp = new Ramp(16);
    windows(ramp, 4);
    ramp.restart();
    ramp.restart();

    assertThat(ramp.level()).isEqualTo(1);
    assertThat(windows(ramp, 5)).containsExactly(2, 4, 8, 9, 10);
  }

  @Test
  void noSequenceOfOutcomesLeavesTheBounds() {
    for (long seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      int bound = 1 + random.nextInt(20);
      Ramp ramp = new Ramp(bound);
      for (int i = 0; i < 500; i++) {
        int before = ramp.level();
        int event = random.nextInt(12);
        if (event == 0) {
          ramp.restart();
        } else if (event == 1) {
          ramp.trouble();
        } else {
          ramp.good();
        }
        assertThat(ramp.level()).as("seed %d", seed).isBetween(1, bound);
        assertThat(ramp.level()).as("seed %d", seed).isLessThanOrEqualTo(before * 2);
      }
    }
  }
}
