package dev.sluice.demo.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The soak: {@code -Psoak -Dsoak.seconds=120}, and {@code -Dsoak.seed=N} to draw again what an
 * earlier run drew.
 */
@Tag("soak")
@Isolated("counts the heap and the sockets of the whole process")
class SoakTest {
  private static final int ROUNDS = 4;
  private static final long SECONDS = Long.getLong("soak.seconds", 120);
  private static final long SEED = Long.getLong("soak.seed", System.nanoTime() & 0xffffff);
  private static final long GROWTH = 24L << 20;

  @Test
  void nothingWrongComesThroughAndNothingIsLeft() throws Exception {
    long sockets = Soak.sockets();
    List<Long> heaps = new ArrayList<>();
    try (Soak soak = new Soak(SEED)) {
      for (int round = 0; round < ROUNDS; round++) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS) / ROUNDS;
        soak.round(Integer.MAX_VALUE, () -> System.nanoTime() - end < 0);
        assertThat(soak.rig.ledger.violations()).as("seed %d", SEED).isEmpty();
        soak.requireWhole();
        heaps.add(heap());
      }
      soak.requirePermits();
      soak.requireEmpty();
      publish(Summary.of(soak.rig.ledger, SEED) + "\n  heap MiB   " + mebibytes(heaps));
      soak.requireEach(SECONDS / 6);
      assertThat(soak.rig.ledger.violations()).as("seed %d", SEED).isEmpty();
    }
    assertThat(heaps.get(ROUNDS - 1)).as("heap").isLessThan(heaps.get(1) + GROWTH);
    Soak.requireSockets(sockets);
  }

  private static long heap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static List<Long> mebibytes(List<Long> bytes) {
    return bytes.stream().map(each -> each >> 20).toList();
  }

  /** For the reader of the build, whose console shows no output of tests. */
  private static void publish(String summary) throws IOException {
    System.out.println(summary);
    Files.writeString(Path.of("target", "soak.txt"), summary + System.lineSeparator());
  }
}
