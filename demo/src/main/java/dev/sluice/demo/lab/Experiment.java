package dev.sluice.demo.lab;

import dev.sluice.demo.lab.Course.Judged;
import dev.sluice.demo.lab.Outcome.Back;
import dev.sluice.demo.lab.Outcome.Waits;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.verdict.Verdict;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One fault, broken and mended once in one cell, with what was said meanwhile. */
final class Experiment {
  private static final long LOOK_MILLIS = 25;
  private static final double READY = 60;
  private static final double PATIENCE = 25;
  private static final double LONG_PATIENCE = 50;

  /** How long something harmless must stay harmless. */
  private static final double QUIET = 14;

  private static final double RECOVERY = 75;

  private final Cell cell;
  private final Fault fault;
  private final int round;
  private final boolean loaded;
  private final List<Course> courses;
  private double opened = Double.NaN;

  private Experiment(Cell cell, Fault fault, int round) {
    this.cell = cell;
    this.fault = fault;
    this.round = round;
    this.loaded = fault.load().in(round);
    this.courses = fault.truths().stream().map(Course::new).toList();
  }

  /** Holds one round. What goes wrong with the cell itself is told as trouble. */
  static Outcome hold(Cell cell, Fault fault, int round) {
    return new Experiment(cell, fault, round).hold();
  }

  private Outcome hold() {
    cell.set(fault);
    if (!await(READY, cell::well)) {
      return Outcome.troubled(fault, round, loaded, "not well before: " + cell.posture());
    }
    Load load = Load.on(cell.gateway().port());
    try {
      pause(1_000);
      if (!loaded) {
        load.close();
      }
      long begun = System.nanoTime();
      breaks(begun);
      List<Judged> judged = courses.stream().map(Course::judged).toList();
      Waits waits = loaded ? Waiting.of(load.answers(), begun, opened) : Waits.NONE;
      return new Outcome(fault, round, loaded, judged, opened, mended(), waits, "");
    } finally {
      load.close();
    }
  }

  private void breaks(long begun) {
    fault.breaks().accept(cell);
    double now = 0;
    boolean enough = false;
    while (!enough) {
      now = seconds(begun);
      look(now);
      enough = fault.is(Fault.Trait.HARMLESS) ? now >= QUIET : now >= patience() || steady(now);
      pause(LOOK_MILLIS);
    }
  }

  private double patience() {
    return fault.is(Fault.Trait.SLOW) ? LONG_PATIENCE : PATIENCE;
  }

  private boolean steady(double now) {
    boolean waits = Double.isNaN(opened) && fault.is(Fault.Trait.OPENS) && now < patience();
    return !waits && courses.stream().allMatch(course -> course.settled(now));
  }

  private void look(double now) {
    Posture posture = cell.posture();
    for (int i = 0; i < courses.size(); i++) {
      courses.get(i).add(now, verdict(posture, fault.truths().get(i).subject()));
    }
    if (Double.isNaN(opened) && posture.anyOpen()) {
      opened = now;
    }
  }

  private static Verdict verdict(Posture posture, String subject) {
    var dependency = posture.dependencies().get(subject);
    return dependency != null
        ? dependency.verdict()
        : Objects.requireNonNull(posture.backends().get(subject)).verdict();
  }

  /** Mends everything, and waits until clients are served as before. */
  private Back mended() {
    boolean open = cell.posture().anyOpen();
    cell.world().pass();
    fault.mends().accept(cell);
    long begun = System.nanoTime();
    Load load = Load.on(cell.gateway().port());
    try {
      double noticed = Double.NaN;
      double tried = Double.NaN;
      double now = 0;
      while (now < RECOVERY && !cell.well()) {
        now = seconds(begun);
        Posture posture = cell.posture();
        noticed =
            first(
                noticed, now, posture.dependencies().values().stream().noneMatch(d -> d.suspect()));
        tried = first(tried, now, open && !posture.anyOpen());
        pause(LOOK_MILLIS);
      }
      return new Back(noticed, tried, cell.well() ? now : Double.POSITIVE_INFINITY);
    } finally {
      load.close();
    }
  }

  private static double first(double before, double now, boolean is) {
    return Double.isNaN(before) && is ? now : before;
  }

  static boolean await(double seconds, BooleanSupplier is) {
    long begun = System.nanoTime();
    while (!is.getAsBoolean()) {
      if (seconds(begun) > seconds) {
        return false;
      }
      pause(LOOK_MILLIS);
    }
    return true;
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  static void pause(long millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }
}
