package dev.sluice.fallback.store;

import dev.sluice.fallback.store.SystemCalls.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A disk that keeps of each file what was synced, and of what was written since as much as the test
 * likes. Names are there at once: SQLite makes its files before anything is acknowledged.
 */
final class LosingDisk {
  private final Map<String, Contents> files = new TreeMap<>();

  /** A file: what is safe, and the calls since. */
  private static final class Contents {
    private byte[] synced = new byte[0];
    private final List<Call> since = new ArrayList<>();

    byte[] with(Survivors survivors) {
      byte[] bytes = synced;
      for (int i = 0; i < since.size(); i++) {
        if (survivors.survives(i, since.size())) {
          bytes = applied(bytes, since.get(i));
        }
      }
      return bytes;
    }

    private static byte[] applied(byte[] bytes, Call call) {
      if (call.name().equals("ftruncate")) {
        return Arrays.copyOf(bytes, (int) call.at());
      }
      int end = (int) call.at() + (int) call.result();
      byte[] grown = end > bytes.length ? Arrays.copyOf(bytes, end) : bytes.clone();
      System.arraycopy(call.data(), 0, grown, (int) call.at(), (int) call.result());
      return grown;
    }
  }

  /** Which of the calls since the last sync a power cut leaves. */
  interface Survivors {
    Survivors NONE = (index, calls) -> false;
    Survivors ALL = (index, calls) -> true;

    /** Disks write in any order. */
    Survivors EVERY_OTHER = (index, calls) -> index % 2 == 1;

    boolean survives(int index, int calls);
  }

  void take(Call call) {
    if (call.result() < 0 || call.injected()) {
      return;
    }
    switch (call.name()) {
      case "openat" -> files.computeIfAbsent(call.file(), name -> new Contents());
      case "pwrite64", "ftruncate" -> contents(call).since.add(call);
      case "fsync", "fdatasync" -> {
        Contents file = contents(call);
        file.synced = file.with(Survivors.ALL);
        file.since.clear();
      }
      case "unlink" -> files.remove(call.file());
      case "close", "write" -> {}
      default -> throw new IllegalStateException("a disk of this test cannot " + call.name());
    }
  }

  private Contents contents(Call call) {
    return files.computeIfAbsent(call.file(), name -> new Contents());
  }

  /** After a power cut: the files in a folder; shared memory and locks went with the machine. */
  void restore(Path folder, Survivors survivors) throws IOException {
    for (Map.Entry<String, Contents> file : files.entrySet()) {
      String name = Path.of(file.getKey()).getFileName().toString();
      if (!name.endsWith("-shm") && !name.endsWith(".lock")) {
        Files.write(folder.resolve(name), file.getValue().with(survivors));
      }
    }
  }
}
