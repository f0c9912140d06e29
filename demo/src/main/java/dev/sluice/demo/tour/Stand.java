package dev.sluice.demo.tour;

import dev.sluice.config.Configuration;
import dev.sluice.config.ConfigurationLoader;
import dev.sluice.config.LoadResult;
import dev.sluice.demo.backend.Supervisor;
import dev.sluice.demo.postgres.Leftovers;
import dev.sluice.gateway.app.Gateway;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * The demo's world with a gateway in front of it, in one process. Its folder holds route file and
 * store, and goes with it, also when the virtual machine is told to end.
 */
public final class Stand implements AutoCloseable {
  private final DemoWorld world;
  private final Path folder;
  private final Path routes;
  private volatile Gateway gateway;

  private Stand(DemoWorld world, Path folder, Path routes) {
    this.world = world;
    this.folder = folder;
    this.routes = routes;
    this.gateway = open(routes);
  }

  /**
   * Starts everything, in a folder of its own.
   *
   * @param edit changes the text of the route file before it is read
   */
  public static Stand start(int port, int adminPort, BiFunction<DemoWorld, String, String> edit) {
    return start(Leftovers.folder("sluice-demo-"), port, adminPort, edit);
  }

  /** Starts everything in a folder made by {@link Leftovers#folder}, which becomes its own. */
  public static Stand start(
      Path folder, int port, int adminPort, BiFunction<DemoWorld, String, String> edit) {
    return start(DemoWorld::start, folder, port, adminPort, edit);
  }

  /** The same on ports that are known beforehand, if they are free. */
  public static Stand startWellKnown(Path folder, int port, int adminPort) {
    Supplier<DemoWorld> world = () -> DemoWorld.start(DemoWorld.Wishes.WELL_KNOWN);
    return start(world, folder, port, adminPort, (made, text) -> text);
  }

  private static Stand start(
      Supplier<DemoWorld> world,
      Path folder,
      int port,
      int adminPort,
      BiFunction<DemoWorld, String, String> edit) {
    try {
      return start(world.get(), folder, port, adminPort, edit);
    } catch (RuntimeException e) {
      Leftovers.drop(folder);
      throw e;
    }
  }

  private static Stand start(
      DemoWorld world,
      Path folder,
      int port,
      int adminPort,
      BiFunction<DemoWorld, String, String> edit) {
    try {
      String text = world.routeFile(port, adminPort, folder.resolve("sluice.db"));
      Path routes =
          Leftovers.step(
              () -> Files.writeString(folder.resolve("routes.yaml"), edit.apply(world, text)));
      return new Stand(world, folder, routes);
    } catch (RuntimeException e) {
      world.close();
      throw e;
    }
  }

  private static Gateway open(Path routes) {
    LoadResult loaded = ConfigurationLoader.load(List.of(routes), System::getenv);
    Configuration configuration = loaded.configuration();
    if (configuration == null) {
      throw new IllegalStateException("the demo's route file is wrong: " + loaded.errors());
    }
    return Leftovers.keep(() -> Gateway.start(configuration), Gateway::close);
  }

  public DemoWorld world() {
    return world;
  }

  public Gateway gateway() {
    return gateway;
  }

  /** The route file that the gateway reads. */
  public Path routes() {
    return routes;
  }

  /** A platform beside it: restarts the backend when its health path fails, and tells. */
  public Supervisor supervise(Runnable restarted) {
    URI health = URI.create("http://127.0.0.1:" + gateway.port() + "/health/orders");
    return Supervisor.start(
        health,
        () -> {
          if (!Leftovers.ending()) {
            world.restartBackend();
            restarted.run();
          }
        });
  }

  /** Ends the gateway gracefully and starts another one on the same route file and store. */
  public void restartGateway() {
    Leftovers.drop(gateway);
    gateway = open(routes);
  }

  @Override
  public void close() {
    Leftovers.drop(gateway);
    world.close();
    Leftovers.drop(folder);
  }
}
