package dev.sluice.gateway.cli;

import dev.sluice.config.Configuration;
import dev.sluice.config.ConfigurationLoader;
import dev.sluice.config.LoadResult;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names route files, and how they are read. */
final class RouteFiles {
  @Option(
      names = "--config",
      required = true,
      arity = "1..*",
      paramLabel = "PATH",
      description = "Route files, or folders of *.yaml.")
  private List<Path> paths = List.of();

  /** As they were named. */
  List<Path> paths() {
    return paths;
  }

  LoadResult load() {
    return ConfigurationLoader.load(paths, System::getenv);
  }

  /** The same where the environment lacks what somewhere else is set. */
  LoadResult load(UnaryOperator<String> elsewhere) {
    return ConfigurationLoader.load(
        paths,
        name -> {
          String here = System.getenv(name);
          return here == null ? elsewhere.apply(name) : here;
        });
  }

  /** The configuration, or null after every problem was printed. */
  @Nullable Configuration loadOrTell(PrintWriter errors) {
    LoadResult loaded = load();
    loaded.problems().forEach(errors::println);
    errors.flush();
    return loaded.configuration();
  }
}
