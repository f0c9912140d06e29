package dev.sluice.probes.breaker;

/** Told of every lesson, on the monitor's thread; must not block. */
@FunctionalInterface
public interface LearningListener {
  void learnt(Lesson lesson);
}
