package dev.sluice.demo.lab;

import dev.sluice.config.Configuration;
import dev.sluice.config.ConfigurationLoader;
import dev.sluice.config.LoadResult;
import dev.sluice.demo.postgres.Leftovers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The route file of a cell for a simulation: nothing listens on its ports. */
final class Simulated {
  private Simulated() {}

  static Configuration configuration() {
    Path folder = Leftovers.folder("sluice-lab-");
    try {
      Path file =
          Leftovers.step(
              () -> Files.writeString(folder.resolve("routes.yaml"), RouteFile.simulated()));
      LoadResult result = ConfigurationLoader.load(List.of(file), name -> null);
      Configuration configuration = result.configuration();
      if (configuration == null) {
        throw new IllegalStateException("the lab's route file is wrong: " + result.errors());
      }
      return configuration;
    } finally {
      Leftovers.drop(folder);
    }
  }
}
