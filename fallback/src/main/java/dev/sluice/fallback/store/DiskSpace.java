package dev.sluice.fallback.store;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/** Tells how many bytes the disk below a file still gives to this process's user. */
interface DiskSpace {
  /** What the file system says; none where it says nothing. */
  DiskSpace REAL =
      file -> {
        FileStore disk = Files.getFileStore(file);
        return () -> {
          try {
            return disk.getUsableSpace();
          } catch (IOException e) {
            return 0;
          }
        };
      };

  LongSupplier below(Path file) throws IOException;
}
