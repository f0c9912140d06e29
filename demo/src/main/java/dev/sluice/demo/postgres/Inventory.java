package dev.sluice.demo.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The list of files with their sizes, kept in the unpacked folder itself: folders under a temporary
 * directory lose old files to cleaners.
 */
final class Inventory {
  private static final String FILE = ".inventory";

  private Inventory() {}

  static void write(Path folder) throws IOException {
    Files.write(folder.resolve(FILE), lines(folder));
  }

  /** Whether every file is there, at its size. */
  static boolean matches(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && Files.readAllLines(file).equals(lines(folder));
  }

  private static List<String> lines(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .filter(file -> !file.endsWith(FILE))
          .map(file -> size(file) + " " + folder.relativize(file))
          .sorted()
          .toList();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
