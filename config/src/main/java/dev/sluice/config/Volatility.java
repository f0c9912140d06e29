package dev.sluice.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Whether a file would be gone with the machine or the container that it is written on. */
public final class Volatility {
  private static final Set<String> MEMORY = Set.of("tmpfs", "ramfs", "devtmpfs");
  private static final Set<String> LAYERS = Set.of("overlay", "overlayfs", "aufs");
  private static final Set<String> REMOTE = Set.of("nfs", "nfs4", "cifs", "smb3", "9p", "ceph");

  private Volatility() {}

  /**
   * What is wrong with the place of a file that must survive; null when nothing is known to be.
   *
   * @param environment the value of a variable, or null: Cloud Run says there that it is Cloud Run
   *     (Container runtime contract), where even a real disk goes with the instance
   */
  public static @Nullable String of(Path file, UnaryOperator<String> environment) {
    if (environment.apply("K_SERVICE") != null) {
      return "an instance of Cloud Run takes its disk with it when it ends";
    }
    return ofFileSystem(type(file));
  }

  /** The same by the name of a file system. */
  static @Nullable String ofFileSystem(String type) {
    String name = type.toLowerCase(Locale.ROOT);
    if (MEMORY.contains(name)) {
      return "it lies in memory (" + type + ")";
    }
    if (LAYERS.contains(name)) {
      return "it lies in a container's layer (" + type + "), which goes with the container";
    }
    if (REMOTE.contains(name) || name.startsWith("fuse")) {
      return "it lies on a file system (" + type + ") that does not promise what SQLite relies on";
    }
    return null;
  }

  /** Of the nearest folder that exists; empty where nobody tells. */
  private static String type(Path file) {
    Path at = file.toAbsolutePath();
    while (at != null && !Files.exists(at)) {
      at = at.getParent();
    }
    try {
      return at == null ? "" : Files.getFileStore(at).type();
    } catch (IOException e) {
      return "";
    }
  }
}
