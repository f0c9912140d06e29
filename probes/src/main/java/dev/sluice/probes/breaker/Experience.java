package dev.sluice.probes.breaker;

import dev.sluice.config.Breaker;
import dev.sluice.config.Breaker.LearningMode;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Sample;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Follows the outages of the dependencies and has their breakers learn from each, once it is over.
 * Belongs to one thread.
 */
public final class Experience {
  private final Breakers breakers;
  private final LongSupplier nanos;
  private final LearningListener listener;
  private final Map<String, Course> courses = new HashMap<>();

  public Experience(Breakers breakers, LongSupplier nanos, LearningListener listener) {
    this.breakers = breakers;
    this.nanos = nanos;
    this.listener = listener;
  }

  /** An outage that lasts. */
  private static final class Course {
    private final long began;
    private long lastBad;
    private boolean again;
    private boolean contradicted;
    private long probeMillis;

    Course(long now) {
      began = now;
      lastBad = now;
    }

    /** One that failed again on its way back is no false opening, however brief. */
    Outage over() {
      long floor = again ? Duration.ofSeconds(3).toNanos() : 0;
      return new Outage(
          Duration.ofNanos(Math.max(floor, lastBad - began)),
          contradicted,
          Duration.ofMillis(probeMillis));
    }
  }

  /** A climb of a dependency ended. */
  public void climbed(Climb climb) {
    Course course = courses.get(climb.targetId());
    Sample failed = climb.failed();
    if (course != null && failed != null) {
      course.lastBad = course.contradicted ? course.lastBad : nanos.getAsLong();
      course.probeMillis = Math.max(course.probeMillis, failed.millis());
    }
  }

  /** A breaker moved. */
  public void moved(Move move) {
    if (breakers.learnt(move.id()) == null) {
      return;
    }
    if (move.to() == BreakerState.CLOSED) {
      Course course = courses.remove(move.id());
      if (course != null) {
        learn(move.id(), course.over());
      }
      return;
    }
    Course course = courses.computeIfAbsent(move.id(), id -> new Course(nanos.getAsLong()));
    course.again |= move.from() == BreakerState.HALF_OPEN && move.to() == BreakerState.OPEN;
    course.contradicted |= move.why().equals(Reasons.CANARY);
  }

  /** Goes by what an earlier run learnt, unless an outage has taught this one already. */
  public void recall(String id, Learned earlier) {
    Learned known = breakers.learnt(id);
    if (known != null && known.outages() == 0) {
      breakers.learn(id, earlier);
    }
  }

  private void learn(String id, Outage outage) {
    Breaker file = breakers.file();
    Learned before = breakers.learnt(id);
    if (before == null || file.learning().mode() == LearningMode.OFF) {
      return;
    }
    Learned after = Lessons.after(before, outage, file);
    boolean dry = file.learning().mode() == LearningMode.DRY_RUN;
    breakers.learn(id, after);
    listener.learnt(new Lesson(id, after, Lessons.explain(before, after, outage), dry));
  }
}
