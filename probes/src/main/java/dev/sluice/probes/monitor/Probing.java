package dev.sluice.probes.monitor;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Control;
import dev.sluice.config.Dependency;
import dev.sluice.probes.ladder.BackendProbe;
import dev.sluice.probes.ladder.Ladder;
import dev.sluice.probes.ladder.Ladders;
import dev.sluice.probes.ladder.ProbeResources;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.verdict.Vantage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/** Where ladders come from: real sockets, or a simulation. */
public interface Probing extends AutoCloseable {
  /** From where the climbs are made is told by whoever knows the backends. */
  Ladder dependency(Dependency dependency, Vantage vantage);

  Ladder control(Control control);

  /** Its health, asked once. */
  Mono<BackendHealth> backend(Backend backend, Duration limit);

  @Override
  void close();

  /**
   * Ladders over real sockets, with threads of their own.
   *
   * @param ownToken shows backends who asks; empty where there is none
   */
  static Probing real(
      Configuration configuration,
      InstantSource instants,
      LongSupplier nanos,
      Function<Backend, Optional<String>> ownToken) {
    ProbeResources resources = ProbeResources.create(configuration.resolver());
    return new Probing() {
      @Override
      public Ladder dependency(Dependency dependency, Vantage vantage) {
        return Ladders.of(dependency, vantage, resources, instants, nanos);
      }

      @Override
      public Ladder control(Control control) {
        return Ladders.control(control, Vantage.GATEWAY, resources, instants, nanos);
      }

      @Override
      public Mono<BackendHealth> backend(Backend backend, Duration limit) {
        return BackendProbe.of(backend, resources, instants)
            .showing(ownToken.apply(backend))
            .probe(limit);
      }

      @Override
      public void close() {
        resources.close();
      }
    };
  }
}
