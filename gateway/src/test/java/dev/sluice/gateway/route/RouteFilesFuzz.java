package dev.sluice.gateway.route;

import dev.sluice.config.ConfigurationLoader;
import dev.sluice.config.LoadResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Route files of any kind: loaded, or told what is wrong and where. */
public final class RouteFilesFuzz {
  private static final Path FILE = file();

  private RouteFilesFuzz() {}

  private static Path file() {
    try {
      Path file = Files.createTempFile("fuzz", ".yaml");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    Files.write(FILE, input);
    LoadResult loaded = ConfigurationLoader.load(List.of(FILE), name -> null);
    if ((loaded.configuration() == null) == loaded.errors().isEmpty()) {
      throw new AssertionError("neither loaded nor told why");
    }
    loaded.problems().forEach(RouteFilesFuzz::told);
  }

  private static void told(dev.sluice.config.Problem problem) {
    if (problem.toString().contains("\n") || problem.place().line() < 1) {
      throw new AssertionError("not told in a line with its place: " + problem);
    }
  }
}
