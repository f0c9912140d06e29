package dev.sluice.gateway.cli;

import dev.sluice.config.Configuration;
import dev.sluice.config.ConfigurationLoader;
import dev.sluice.config.LoadResult;
import dev.sluice.config.Store;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/**
 * Where the held writes are, and the id of one of them. {@code --config} takes whatever follows it,
 * so that the id may arrive as the last of several paths.
 */
final class QueuePlace {
  @Option(
      names = "--config",
      arity = "1..*",
      paramLabel = "PATH",
      description = "Route files, or folders of *.yaml: the store itself.")
  private List<Path> paths = List.of();

  @Option(
      names = "--admin",
      paramLabel = "URL",
      description =
          "The admin port of a running gateway, such as http://127.0.0.1:9090; its token comes from"
              + " the variable SLUICE_ADMIN_TOKEN.")
  private @Nullable URI admin;

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

  /**
   * The held writes; null after every problem was printed.
   *
   * @param withId the command is about one write
   */
  @Nullable Held open(CommandLine command, boolean withId) {
    if ((admin == null) == paths.isEmpty()) {
      throw new ParameterException(
          command, "say where the writes are: --config PATH for the store, or --admin URL");
    }
    if (admin != null) {
      return new HeldAtGateway(AdminPort.at(command, admin));
    }
    Store store = store(command.getErr(), withId && id == null);
    if (store == null) {
      return null;
    }
    return store.shared() == null ? new HeldInFile(store) : HeldInDatabase.open(store);
  }

  private @Nullable Store store(PrintWriter errors, boolean lastIsId) {
    List<Path> files = lastIsId ? paths.subList(0, paths.size() - 1) : paths;
    LoadResult loaded = ConfigurationLoader.load(files, System::getenv);
    loaded.problems().forEach(errors::println);
    errors.flush();
    Configuration configuration = loaded.configuration();
    if (configuration != null && configuration.store() == null) {
      errors.println("sluice: the route files name no store");
    }
    return configuration == null ? null : configuration.store();
  }
}
