package dev.sluice.demo.lab;

import dev.sluice.config.Configuration;
import dev.sluice.config.ConfigurationLoader;
import dev.sluice.config.LoadResult;
import dev.sluice.demo.postgres.Leftovers;
import dev.sluice.gateway.app.Gateway;
import dev.sluice.probes.mode.BackendStatus;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.verdict.Detail;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A world of its own with a gateway before it, used by one thread at a time. */
final class Cell implements AutoCloseable {
  private final World world;
  private final List<AutoCloseable> held = new ArrayList<>();
  private @Nullable Gateway gateway;
  private String routes = "";

  Cell(Certificates certificates) {
    world = new World(certificates);
  }

  World world() {
    return world;
  }

  Gateway gateway() {
    return Objects.requireNonNull(gateway);
  }

  Posture posture() {
    return gateway().posture();
  }

  DependencyStatus dependency(String id) {
    return Objects.requireNonNull(posture().dependencies().get(id));
  }

  BackendStatus backend() {
    return Objects.requireNonNull(posture().backends().get(Truth.BACKEND));
  }

  /** Has the gateway stand where the fault wants it, with its route file. */
  void set(Fault fault) {
    String text = fault.routes().apply(world, RouteFile.text(world, fault.site()));
    if (!text.equals(routes)) {
      end();
      routes = text;
      gateway = Gateway.start(loaded(text));
    }
  }

  private Configuration loaded(String text) {
    Path file =
        Leftovers.step(() -> Files.writeString(world.folder().resolve("routes.yaml"), text));
    LoadResult result = ConfigurationLoader.load(List.of(file), name -> null);
    Configuration configuration = result.configuration();
    if (configuration == null) {
      throw new IllegalStateException("the lab's route file is wrong: " + result.errors());
    }
    return configuration;
  }

  /** True when nothing is wrong and everything was proven. */
  boolean well() {
    Posture posture = posture();
    return !posture.warmUp()
        && posture.dependencies().values().stream().allMatch(Cell::well)
        && posture.backends().values().stream().allMatch(Cell::well);
  }

  private static boolean well(DependencyStatus status) {
    return status.verdict().detail() == Detail.HEALTHY
        && !status.suspect()
        && status.breaker() == BreakerState.CLOSED;
  }

  private static boolean well(BackendStatus status) {
    return status.verdict().detail() == Detail.HEALTHY && status.breaker() == BreakerState.CLOSED;
  }

  /** Keeps something up as long as the fault lasts. */
  void hold(AutoCloseable thing) {
    held.add(thing);
  }

  /** Does something over and over, in a thread of its own, as long as the fault lasts. */
  void repeat(long everyMillis, Runnable what) {
    ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    thread.scheduleWithFixedDelay(what, 0, everyMillis, TimeUnit.MILLISECONDS);
    hold(
        () -> {
          thread.shutdown();
          thread.awaitTermination(30, TimeUnit.SECONDS);
        });
  }

  /** Lets go of what was held up. */
  void release() {
    for (AutoCloseable thing : List.copyOf(held)) {
      try {
        thing.close();
      } catch (Exception e) {
        throw new IllegalStateException("what was held cannot be let go", e);
      }
    }
    held.clear();
  }

  private void end() {
    if (gateway != null) {
      gateway.close();
      gateway = null;
    }
  }

  @Override
  public void close() {
    release();
    end();
    world.close();
  }
}
