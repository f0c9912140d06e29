package dev.sluice.gateway.app;

import dev.sluice.config.Configuration;
import dev.sluice.gateway.proxy.Snapshot;
import dev.sluice.probes.mode.Posture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The one reference in which control path and data path meet. */
final class Publication implements Supplier<Snapshot> {
  private final AtomicReference<Snapshot> current;
  private volatile Runnable afterwards = () -> {};

  Publication(Configuration configuration, Posture first) {
    current = new AtomicReference<>(Snapshot.of(configuration, first));
  }

  void publish(Posture posture) {
    current.updateAndGet(snapshot -> snapshot.with(posture));
    afterwards.run();
  }

  /** Called after each publication, on the publisher's thread; must not block. */
  void afterwards(Runnable told) {
    afterwards = told;
  }

  @Override
  public Snapshot get() {
    return current.get();
  }
}
