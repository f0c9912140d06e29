package dev.sluice.gateway.proxy.upstream;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

/** Threads for what TLS handshakes compute, away from the event loops. */
public final class TlsThreads {
  private static final int THREADS = 2;

  private TlsThreads() {}

  /** Its queue takes no lock, so that event loops may hand tasks to it; idle threads end. */
  public static ForkJoinPool pool() {
    return new ForkJoinPool(THREADS, TlsThreads::thread, null, true);
  }

  private static ForkJoinWorkerThread thread(ForkJoinPool pool) {
    ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
    thread.setName("sluice-tls-" + thread.getPoolIndex());
    return thread;
  }
}
