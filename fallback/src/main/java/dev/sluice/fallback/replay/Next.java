package dev.sluice.fallback.replay;

import dev.sluice.fallback.queue.Completion;
import java.time.Instant;

/** What becomes of a write after an attempt. */
sealed interface Next {
  /** It ends. */
  record End(Completion completion) implements Next {}

  /** The attempt counts; another begins no earlier than this. */
  record Retry(Instant at, String error) implements Next {}

  /** Nothing was sent, nothing counts; another try begins no earlier than this. */
  record Release(Instant at, String reason) implements Next {}
}
