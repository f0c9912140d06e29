package dev.sluice.fallback.store;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The file cannot be used as it is; the message names it and the way out. */
public final class StoreUnusable extends RuntimeException {
  private static final long serialVersionUID = 1;

  public StoreUnusable(Path file, String problem, String wayOut) {
    this(file, problem, wayOut, null);
  }

  public StoreUnusable(Path file, String problem, String wayOut, @Nullable Throwable cause) {
    this(file.toString(), problem, wayOut, cause);
  }

  StoreUnusable(String name, String problem, String wayOut, @Nullable Throwable cause) {
    super("The store " + name + " cannot be used: " + problem + ". " + wayOut + ".", cause);
  }
}
