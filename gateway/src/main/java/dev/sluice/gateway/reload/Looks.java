package dev.sluice.gateway.reload;

import org.jspecify.annotations.Nullable;

/**
 * Tells from looks at the files when they are to be loaded: once for each content, and only when it
 * was the same in two looks, since editors write in steps and mounted volumes turn links. For one
 * thread.
 */
final class Looks {
  private @Nullable String last;
  private @Nullable String taken;

  /** Takes a look; true when what it shows is steady and was not taken yet. */
  boolean due(String content) {
    boolean steady = content.equals(last);
    last = content;
    return steady && !content.equals(taken);
  }

  /** This content was loaded, with whatever result. */
  void taken(String content) {
    taken = content;
  }
}
