package dev.sluice.demo.tour;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Prints the story as it happens, with measured times, and ends it where a step does not hold. */
final class Timeline {
  /** For each wait: long, since a slow machine is no fault of the story. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final PrintWriter out;
  private final long started = System.nanoTime();

  Timeline(PrintWriter out) {
    this.out = out;
  }

  /** A step of the story did not hold. */
  static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1;

    Broken(String message) {
      super(message);
    }
  }

  void chapter(String title) {
    out.printf("%n%s%n", title);
    out.flush();
  }

  void note(String text) {
    out.printf(Locale.ROOT, "%7.1f s  %s%n", (System.nanoTime() - started) / 1e9, text);
    out.flush();
  }

  void holds(boolean condition, String text) {
    if (!condition) {
      throw new Broken("does not hold: " + text);
    }
    note("ok   " + text);
  }

  /** Waits until something is there, asks five times a second, and says how long it took. */
  <T> T await(String text, Supplier<T> look, Predicate<T> good) {
    long began = System.nanoTime();
    String last;
    do {
      try {
        T seen = look.get();
        if (good.test(seen)) {
          double seconds = (System.nanoTime() - began) / 1e9;
          note(String.format(Locale.ROOT, "ok   %s (%.1f s)", text, seconds));
          return seen;
        }
        last = String.valueOf(seen);
      } catch (UncheckedIOException none) {
        last = String.valueOf(none.getCause());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
    } while (System.nanoTime() - began < PATIENCE.toNanos());
    throw new Broken(text + " did not come within " + PATIENCE.toSeconds() + " s; last: " + last);
  }
}
