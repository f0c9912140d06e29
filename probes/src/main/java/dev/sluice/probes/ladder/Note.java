package dev.sluice.probes.ladder;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a rung that holds has to say all the same. */
record Note(@Nullable String message, @Nullable String signal, @Nullable Instant certificateEnds) {
  static final Note NONE = new Note(null, null, null);

  static Note message(String message) {
    return new Note(message, null, null);
  }
}
