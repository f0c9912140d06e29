package dev.sluice.probes.breaker;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A permit of one backend's breaker and of all its dependencies' breakers together. */
final class CompositePermit implements Permit {
  private final @Nullable Entry backend;
  private final Entry[] dependencies;
  private final AtomicBoolean settled = new AtomicBoolean();

  CompositePermit(@Nullable Entry backend, Entry[] dependencies) {
    this.backend = backend;
    this.dependencies = dependencies;
  }

  @Override
  public void succeeded() {
    if (settled.compareAndSet(false, true)) {
      if (backend != null) {
        backend.good();
      }
      for (Entry entry : dependencies) {
        entry.circuit().served();
        if (entry.proves()) {
          entry.good();
        }
      }
    }
  }

  @Override
  public void failed(Failure failure) {
    if (settled.compareAndSet(false, true)) {
      boolean backendOwn = failure == Failure.CONNECT || failure == Failure.RESET;
      settleBackend(backendOwn || !anySuspect());
      for (Entry entry : dependencies) {
        if (!backendOwn && entry.circuit().suspect()) {
          entry.circuit().liveFailure(entry);
        } else {
          entry.leave();
        }
      }
    }
  }

  @Override
  public void released() {
    if (settled.compareAndSet(false, true)) {
      if (backend != null) {
        backend.leave();
      }
      for (Entry entry : dependencies) {
        entry.leave();
      }
    }
  }

  private void settleBackend(boolean counts) {
    if (backend != null && counts) {
      backend.bad();
    } else if (backend != null) {
      backend.leave();
    }
  }

  private boolean anySuspect() {
    for (Entry entry : dependencies) {
      if (entry.circuit().suspect()) {
        return true;
      }
    }
    return false;
  }
}
