package dev.sluice.probes.ladder;

import org.jspecify.annotations.Nullable;

/** What a rung that holds has to say all the same. */
record Note(@Nullable String message, @Nullable String signal) {
  static final Note NONE = new Note(null, null);

  static Note message(String message) {
    return new Note(message, null);
  }
}
