package dev.sluice.fallback.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Makes files and folders that nobody but their owner may read; what exists keeps its permissions.
 * SQLite gives its -wal and -shm files those of the database. Where there are no POSIX permissions
 * the file system's defaults hold.
 */
final class PrivateFiles {
  private PrivateFiles() {}

  /** A channel that writes to the file, which is made if it does not exist. */
  static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), only(file, "rw-------"));
  }

  /** Makes the file, empty, unless it exists. */
  static void create(Path file) throws IOException {
    try {
      Files.createFile(file, only(file, "rw-------"));
    } catch (FileAlreadyExistsException e) {
      return; // it keeps its owner's permissions
    }
  }

  /** Makes the folder and those above it, unless they exist. */
  static void folder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, only(folder, "rwx------"));
    }
  }

  private static FileAttribute<?>[] only(Path path, String permissions) {
    boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
