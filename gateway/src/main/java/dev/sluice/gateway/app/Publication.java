package dev.sluice.gateway.app;

import dev.sluice.config.Configuration;
import dev.sluice.gateway.proxy.Snapshot;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.mode.Rehearsal;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The one reference in which control path and data path meet. */
final class Publication implements Supplier<Snapshot> {
  private volatile Snapshot current;
  private volatile Snapshot prepared;
  private volatile Runnable afterwards = () -> {};
  private volatile Posture told;
  private @Nullable String rehearsed;

  Publication(Configuration configuration, Posture first) {
    current = Snapshot.of(configuration, first);
    prepared = current;
    told = first;
  }

  /**
   * Makes everything that requests need of another configuration, so that nothing can fail when the
   * first posture of it is published. Called by the reload alone.
   */
  void prepare(Configuration next) {
    prepared = Snapshot.of(next, current.posture());
  }

  /** Called by the monitor alone, one posture after the other; the configuration was prepared. */
  synchronized void publish(Configuration configuration, Posture posture) {
    told = posture;
    String down = rehearsed;
    show(
        configuration,
        down == null
            ? posture
            : Rehearsal.without(posture, configuration, down, posture.takenAt()));
  }

  /** Requests are decided from now on as if this dependency were down; null ends that. */
  synchronized void rehearse(@Nullable String dependencyId, Instant now) {
    rehearsed = dependencyId;
    Configuration configuration = current.configuration();
    Posture shown = told;
    show(
        configuration,
        dependencyId == null ? shown : Rehearsal.without(shown, configuration, dependencyId, now));
  }

  /** Where everything really stands, whatever is rehearsed. */
  Posture told() {
    return told;
  }

  @SuppressWarnings("ReferenceEquality")
  private void show(Configuration configuration, Posture posture) {
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
