package dev.sluice.fallback.cache;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How old an answer was when it arrived, in seconds; never negative, never above {@link #MAX}. */
final class Age {
  /** What stands for every greater age. */
  static final long MAX = Integer.MAX_VALUE;

  private Age() {}

  /**
   * The greater of what Age says and what Date implies, and the time that the answer was on its way
   * (RFC 9111, section 4.2.3); junk in either counts as zero.
   */
  static long initial(HeaderFields answer, Instant received, Duration delay) {
    Instant date = HttpDate.parse(answer.get("Date"), received);
    long apparent = date == null ? 0 : Duration.between(date, received).toSeconds();
    return clamp(Math.max(apparent, stated(answer.get("Age")) + delay.toSeconds()));
  }

  static long clamp(long seconds) {
    return Math.max(0, Math.min(MAX, seconds));
  }

  private static long stated(@Nullable String value) {
    if (value == null) {
      return 0;
    }
    String digits = value.split(",", -1)[0].strip();
    if (digits.isEmpty() || !digits.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
      return 0;
    }
    String significant = digits.replaceFirst("^0+(?=.)", "");
    return significant.length() > 10 ? MAX : clamp(Long.parseLong(significant));
  }
}
