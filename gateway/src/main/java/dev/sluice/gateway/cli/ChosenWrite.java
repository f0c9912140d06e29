package dev.sluice.gateway.cli;

import dev.sluice.config.Configuration;
import dev.sluice.config.ConfigurationLoader;
import dev.sluice.config.LoadResult;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/**
 * The route files and the id of one write, in any order. {@code --config} takes whatever follows
 * it, so that the id may arrive as the last of several paths.
 */
final class ChosenWrite {
  @Option(
      names = "--config",
      required = true,
      arity = "1..*",
      paramLabel = "PATH",
      description = "Route files, or folders of *.yaml.")
  private List<Path> paths = List.of();

  @Parameters(paramLabel = "ID", arity = "0..1", description = "The write's id.")
  private @Nullable String id;

  /** The id; a usage error where there is none. */
  String id(CommandLine command) {
    if (id != null) {
      return id;
    }
    if (paths.size() < 2) {
      throw new ParameterException(command, "say which write: its ID is missing");
    }
    return paths.get(paths.size() - 1).toString();
  }

  /** The configuration, or null after every problem was printed. */
  @Nullable Configuration loadOrTell(PrintWriter errors) {
    List<Path> files = id == null ? paths.subList(0, paths.size() - 1) : paths;
    LoadResult loaded = ConfigurationLoader.load(files, System::getenv);
    loaded.problems().forEach(errors::println);
    errors.flush();
    return loaded.configuration();
  }
}
