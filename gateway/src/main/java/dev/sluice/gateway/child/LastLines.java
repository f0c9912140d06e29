package dev.sluice.gateway.child;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The last fifty lines of a stream, each cut after five hundred bytes, so that one without line
 * ends takes no memory. Safe from any thread.
 */
final class LastLines {
  static final int MOST = 50;
  static final int LONGEST = 500;

  private final UnaryOperator<String> clean;
  private final Deque<String> lines = new ArrayDeque<>();
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

  /**
   * @param clean takes out of a line what is nobody's business
   */
  LastLines(UnaryOperator<String> clean) {
    this.clean = clean;
  }

  /** Takes what came next. */
  synchronized void add(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '\n') {
        end();
      } else if (begun.size() < LONGEST) {
        begun.write(bytes[i]);
      }
    }
  }

  private void end() {
    String line = clean.apply(begun.toString(StandardCharsets.UTF_8).stripTrailing());
    begun.reset();
    if (!line.isBlank()) {
      lines.addLast(line);
    }
    if (lines.size() > MOST) {
      lines.removeFirst();
    }
  }

  /** What has come so far, the oldest first; a line that is not complete belongs to it. */
  synchronized List<String> all() {
    if (begun.size() > 0) {
      end();
    }
    return List.copyOf(lines);
  }
}
