package dev.sluice.demo.lab;

import dev.sluice.demo.postgres.Leftovers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** Holds rounds side by side, each on a server, proxies, backend and gateway of its own. */
public final class Lab {
  private final Queue<Task> tasks;
  private final Certificates certificates;
  private final List<Outcome> outcomes = new ArrayList<>();
  private final Consumer<String> say;

  private record Task(Fault fault, int round) {}

  private Lab(List<Fault> faults, int rounds, Certificates certificates, Consumer<String> say) {
    this.certificates = certificates;
    List<Task> all = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      for (Fault fault : faults) {
        all.add(new Task(fault, round));
      }
    }
    // Faults of one site one after the other: each change starts another gateway.
    all.sort(Comparator.comparingInt(Task::round).thenComparing(task -> task.fault().site()));
    this.tasks = new ConcurrentLinkedQueue<>(all);
    this.say = say;
  }

  /**
   * Holds the rounds; returns when all are over.
   *
   * @param width how many at once
   * @param say is told of each round when it is over, by one thread at a time
   */
  static List<Outcome> run(List<Fault> faults, int rounds, int width, Consumer<String> say) {
    try (Certificates certificates = new Certificates()) {
      return new Lab(faults, rounds, certificates, say).run(width);
    }
  }

  private List<Outcome> run(int width) {
    CountDownLatch done = new CountDownLatch(width);
    for (int i = 0; i < width; i++) {
      Thread worker =
          new Thread(
              () -> {
                try {
                  work();
                } finally {
                  done.countDown();
                }
              },
              "lab-" + i);
      worker.setDaemon(true);
      worker.start();
    }
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    synchronized (outcomes) {
      return List.copyOf(outcomes);
    }
  }

  /** A cell in which a round could not be held, or that did not get well, is thrown away. */
  private void work() {
    Task task = tasks.poll();
    while (task != null && !Leftovers.ending()) {
      try (Cell cell = new Cell(certificates)) {
        boolean sound = true;
        while (task != null && sound && !Leftovers.ending()) {
          Outcome outcome = outcome(cell, task);
          add(outcome);
          sound = outcome.held() && !Double.isInfinite(outcome.back().whole());
          task = tasks.poll();
        }
      } catch (RuntimeException e) {
        add(troubled(task, "no cell: " + e));
        task = tasks.poll();
      }
    }
  }

  private static Outcome outcome(Cell cell, Task task) {
    try {
      return Experiment.hold(cell, task.fault(), task.round());
    } catch (RuntimeException e) {
      return troubled(task, e.toString());
    }
  }

  private static Outcome troubled(Task task, String why) {
    boolean loaded = task.fault().load().in(task.round());
    return Outcome.troubled(task.fault(), task.round(), loaded, why);
  }

  private void add(Outcome outcome) {
    synchronized (outcomes) {
      outcomes.add(outcome);
      say.accept(outcome.toString());
    }
  }
}
