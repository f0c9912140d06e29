package dev.sluice.demo.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Removes folders that are no longer needed. */
final class Scrap {
  private Scrap() {}

  /** Deletes the folder with all in it; links are removed, not followed. */
  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException gone) {
      // Deleting what is gone is done.
    } catch (IOException e) {
      throw new UncheckedIOException("The folder " + folder + " could not be deleted", e);
    }
  }

  static void deleteAtExit(Path folder) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "postgres-scrap"));
  }
}
