package dev.sluice.gateway.app;

import dev.sluice.config.Configuration;
import dev.sluice.gateway.proxy.Snapshot;
import dev.sluice.probes.mode.Posture;
import java.util.function.Supplier;

/** The one reference in which control path and data path meet. */
final class Publication implements Supplier<Snapshot> {
  private volatile Snapshot current;
  private volatile Snapshot prepared;
  private volatile Runnable afterwards = () -> {};

  Publication(Configuration configuration, Posture first) {
    current = Snapshot.of(configuration, first);
    prepared = current;
  }

  /**
   * Makes everything that requests need of another configuration, so that nothing can fail when the
   * first posture of it is published. Called by the reload alone.
   */
  void prepare(Configuration next) {
    prepared = Snapshot.of(next, current.posture());
  }

  /** Called by the monitor alone, one posture after the other; the configuration was prepared. */
  @SuppressWarnings("ReferenceEquality")
  void publish(Configuration configuration, Posture posture) {
    Snapshot before = current;
    current =
        configuration == before.configuration()
            ? before.with(posture)
            : prepared.after(before, posture);
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
