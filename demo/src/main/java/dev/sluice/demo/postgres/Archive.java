package dev.sluice.demo.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Unpacks a tar under xz; an entry that would land outside the folder is an error. */
final class Archive {
  private Archive() {}

  static void unpack(InputStream compressed, Path folder) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZCompressorInputStream(compressed))) {
      TarArchiveEntry entry = tar.getNextEntry();
      while (entry != null) {
        TarArchiveEntry next = entry;
        Leftovers.step(() -> place(tar, next, inside(folder, next.getName()), folder));
        entry = tar.getNextEntry();
      }
    }
  }

  private static Path place(TarArchiveInputStream tar, TarArchiveEntry entry, Path to, Path folder)
      throws IOException {
    if (entry.isDirectory()) {
      return Files.createDirectories(to);
    }
    Files.createDirectories(to.resolve("..").normalize());
    if (entry.isSymbolicLink()) {
      Path points = Path.of(entry.getLinkName());
      inside(folder, folder.relativize(to.resolveSibling(points)).toString());
      Files.createSymbolicLink(to, points);
    } else if (entry.isLink()) {
      Files.createLink(to, inside(folder, entry.getLinkName()));
    } else {
      Files.copy(tar, to);
      boolean program = (entry.getMode() & 0100) != 0;
      Files.setPosixFilePermissions(
          to, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
    }
    return to;
  }

  private static Path inside(Path folder, String name) throws IOException {
    Path path = folder.resolve(name).normalize();
    if (!path.startsWith(folder)) {
      throw new IOException("The archive's entry " + name + " leads outside its folder");
    }
    return path;
  }
}
