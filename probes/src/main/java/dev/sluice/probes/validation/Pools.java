package dev.sluice.probes.validation;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.probes.ladder.BackendProbe;
import dev.sluice.probes.ladder.ProbeResources;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.verdict.PoolFigures;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** What the pools of backends say of themselves at a moment. */
public final class Pools {
  private Pools() {}

  /** Asks one; null where it shows no pool, or did not answer. Blocks. */
  public static @Nullable PoolFigures look(
      Configuration configuration, Backend backend, InstantSource instants) {
    BackendHealth health =
        Flux.using(
                () -> ProbeResources.create(configuration.resolver()),
                resources -> BackendProbe.of(backend, resources, instants).probe(),
                ProbeResources::close)
            .blockLast();
    return health == null ? null : health.pool();
  }
}
