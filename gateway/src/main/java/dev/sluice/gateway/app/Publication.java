package dev.sluice.gateway.app;

import dev.sluice.config.Configuration;
import dev.sluice.gateway.proxy.Snapshot;
import dev.sluice.probes.mode.Posture;
import java.util.function.Supplier;

/** The one reference in which control path and data path meet. */
final class Publication implements Supplier<Snapshot> {
  private volatile Snapshot current;
  private volatile Runnable afterwards = () -> {};

  Publication(Configuration configuration, Posture first) {
    current = Snapshot.of(configuration, first);
  }

  /** Called by the monitor alone, one posture after the other. */
  void publish(Posture posture) {
    current = current.with(posture);
    afterwards.run();
  }

  /** Called after each publication, on the publisher's thread; must not block. */
  void afterwards(Runnable told) {
    afterwards = told;
  }

  @Override
  public Snapshot get() {
    return current;
  }
}
