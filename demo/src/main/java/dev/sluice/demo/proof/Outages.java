package dev.sluice.demo.proof;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.tour.DemoWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** A schedule of outages that fill half of a time, drawn by a seed. */
final class Outages {
  private static final int SHORTEST = 4;
  private static final int LONGEST = 20;

  /** What breaks. */
  enum Kind {
    REFUSED,
    BLACK_HOLE,
    SILENT,
    RESET,
    NETWORK,
    KILLED,
    FROZEN;

    void begin(DemoWorld world) {
      switch (this) {
        case REFUSED -> world.databaseProxy().mode(Mode.REFUSE);
        case BLACK_HOLE -> world.databaseProxy().mode(Mode.BLACK_HOLE);
        case SILENT -> world.databaseProxy().mode(Mode.SILENT);
        case RESET -> world.databaseProxy().mode(Mode.RESET);
        case NETWORK -> world.path(Mode.BLACK_HOLE);
        case KILLED -> world.postgres().kill();
        case FROZEN -> world.postgres().freeze();
      }
    }

    void end(DemoWorld world) {
      switch (this) {
        case KILLED -> world.postgres().restart();
        case FROZEN -> world.postgres().thaw();
        default -> world.path(Mode.PASS);
      }
    }
  }

  /** One outage, and the calm before it. */
  record Outage(Duration calm, Kind kind, Duration lasts) {}

  private Outages() {}

  /** Each is as long as the calm before it, so that half of the time is an outage. */
  static List<Outage> over(Duration time, SplittableRandom random) {
    List<Outage> outages = new ArrayList<>();
    long left = time.toMillis();
    Kind[] kinds = Kind.values();
    while (left > 2_000L * SHORTEST) {
      long most = Math.min(1_000L * LONGEST, left / 2);
      long lasts = Math.min(most, 1_000L * random.nextInt(SHORTEST, LONGEST + 1));
      outages.add(
          new Outage(
              Duration.ofMillis(lasts),
              kinds[random.nextInt(kinds.length)],
              Duration.ofMillis(lasts)));
      left -= 2 * lasts;
    }
    return outages;
  }

  /**
   * Lets them happen, one after the other; what was broken is whole afterwards.
   *
   * @param told takes a sentence for each
   */
  static void happen(List<Outage> outages, DemoWorld world, Consumer<String> told) {
    for (Outage outage : outages) {
      Mono.delay(outage.calm()).block();
      told.accept("%s for %d s".formatted(outage.kind(), outage.lasts().toSeconds()));
      outage.kind().begin(world);
      try {
        Mono.delay(outage.lasts()).block();
      } finally {
        outage.kind().end(world);
      }
    }
  }
}
