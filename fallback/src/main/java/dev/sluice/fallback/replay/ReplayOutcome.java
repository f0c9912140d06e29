package dev.sluice.fallback.replay;

import dev.sluice.fallback.queue.CapturedAnswer;
import java.util.List;
import java.util.Map;

/** What one attempt came to. */
public sealed interface ReplayOutcome {
  /**
   * The backend answered.
   *
   * @param body bounded by the sender; not copied: neither side changes it afterwards
   * @param whole false where the sender cut the body
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Answered(int status, List<Map.Entry<String, String>> headers, byte[] body, boolean whole)
      implements ReplayOutcome {
    public Answered {
      headers = List.copyOf(headers);
    }

    /** A whole one. */
    public Answered(int status, List<Map.Entry<String, String>> headers, byte[] body) {
      this(status, headers, body, true);
    }

    CapturedAnswer captured() {
      return new CapturedAnswer(status, headers, body, whole);
    }
  }

  /** Not a byte of the request left, so it is no attempt: no permit, no connection. */
  record NotSent(String reason) implements ReplayOutcome {}

  /** It may have reached the backend: a timeout, or a reset after sending. */
  record Ambiguous(String reason) implements ReplayOutcome {}
}
