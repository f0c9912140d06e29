package dev.sluice.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/** Reads route files. */
public final class ConfigurationLoader {
  private final Reading reading;
  private final List<MappingNode> roots = new ArrayList<>();
  private final Set<Path> seen = new HashSet<>();

  private ConfigurationLoader(Reading reading) {
    this.reading = reading;
  }

  /**
   * Reads files, and the {@code *.yaml} files of folders, as one configuration. Never throws for
   * what stands in a file or for one that cannot be read: that is a problem in the result. Blocks
   * on file reads. A file named twice is read once.
   *
   * @param paths files or folders
   * @param environment the value of a variable, or null; values are never part of a problem
   */
  public static LoadResult load(List<Path> paths, UnaryOperator<String> environment) {
    Reading reading = new Reading(environment);
    ConfigurationLoader loader = new ConfigurationLoader(reading);
    paths.forEach(loader::add);
    if (paths.isEmpty()) {
      loader.fail(Path.of("."), "no route file was named");
    }
    if (loader.roots.isEmpty()) {
      return result(reading, null);
    }
    Configuration draft = new WholeReader(reading, loader.roots).read();
    reading.finish(draft);
    return result(reading, draft);
  }

  private static LoadResult result(Reading reading, @Nullable Configuration draft) {
    Problems problems = reading.problems();
    return new LoadResult(problems.refused() ? null : draft, problems.sorted(), reading.origins());
  }

  private void add(Path path) {
    if (!Files.isDirectory(path)) {
      addFile(path);
      return;
    }
    try (Stream<Path> files = Files.list(path)) {
      List<Path> all = files.filter(f -> !Files.isDirectory(f)).sorted().toList();
      List<Path> found = all.stream().filter(f -> f.toString().endsWith(".yaml")).toList();
      if (found.isEmpty()) {
        fail(path, "the folder has no *.yaml file");
      }
      found.forEach(this::addFile);
      all.stream().filter(f -> f.toString().endsWith(".yml")).forEach(this::passedOver);
    } catch (IOException e) {
      fail(path, RouteText.reason(e));
    } catch (UncheckedIOException e) {
      fail(path, "the folder cannot be read to its end");
    }
  }

  private void passedOver(Path path) {
    reading
        .problems()
        .warn(
            new Place(path.toString(), 1, 1),
            "a .yml file of a folder is not read",
            "name it *.yaml, or name it by itself");
  }

  private void addFile(Path path) {
    if (!seen.add(path.toAbsolutePath().normalize())) {
      return;
    }
    String text = new RouteText(path, reading.problems()).read();
    MappingNode root =
        text == null ? null : new YamlFile(path.toString(), reading.problems()).root(text);
    if (root != null) {
      roots.add(root);
    }
  }

  private void fail(Path path, String message) {
    reading.problems().error(new Place(path.toString(), 1, 1), message);
  }
}
