package dev.sluice.demo.tour;

import dev.sluice.config.Configuration;
import dev.sluice.config.ConfigurationLoader;
import dev.sluice.config.LoadResult;
import dev.sluice.gateway.app.Gateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;

/** The demo's world with a gateway in front of it, in one process. */
public final class Stand implements AutoCloseable {
  private final DemoWorld world;
  private final Path folder;
  private final Path routes;
  private Gateway gateway;

  private Stand(DemoWorld world, Path folder, Path routes) {
    this.world = world;
    this.folder = folder;
    this.routes = routes;
    this.gateway = Gateway.start(configuration(routes));
  }

  /**
   * Starts everything.
   *
   * @param edit changes the text of the route file before it is read
   */
  public static Stand start(int port, int adminPort, BiFunction<DemoWorld, String, String> edit) {
    DemoWorld world = DemoWorld.start();
    try {
      Path folder = Files.createTempDirectory("sluice-demo-");
      Path routes = folder.resolve("routes.yaml");
      Files.writeString(
          routes, edit.apply(world, world.routeFile(port, adminPort, folder.resolve("sluice.db"))));
      return new Stand(world, folder, routes);
    } catch (IOException e) {
      world.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      world.close();
      throw e;
    }
  }

  private static Configuration configuration(Path routes) {
    LoadResult loaded = ConfigurationLoader.load(List.of(routes), System::getenv);
    Configuration configuration = loaded.configuration();
    if (configuration == null) {
      throw new IllegalStateException("the demo's route file is wrong: " + loaded.errors());
    }
    return configuration;
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

  /** Ends the gateway gracefully and starts another one on the same route file and store. */
  public void restartGateway() {
    gateway.close();
    gateway = Gateway.start(configuration(routes));
  }

  @Override
  public void close() {
    gateway.close();
    world.close();
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
