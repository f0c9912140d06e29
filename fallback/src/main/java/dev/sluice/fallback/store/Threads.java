package dev.sluice.fallback.store;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** The store's own threads. */
final class Threads {
  private Threads() {}

  static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Waits for the end of an executor that was shut down; an interrupt ends the wait. */
  static void await(ExecutorService executor, long seconds) {
    try {
      executor.awaitTermination(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
