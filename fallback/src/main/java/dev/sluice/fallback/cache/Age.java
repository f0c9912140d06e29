package dev.sluice.fallback.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** How old an answer was when it arrived, in seconds; never negative, never above {@link #MAX}. */
final class Age {
  /** What stands for every greater age. */
  static final long MAX = Integer.MAX_VALUE;

  private Age() {}

  /** The greater of what Age says and what Date implies; junk in either counts as zero. */
  static long initial(List<Map.Entry<String, String>> headers, Instant received) {
    Instant date = HttpDate.parse(HeaderLines.first(headers, "Date"));
    long apparent = date == null ? 0 : Duration.between(date, received).toSeconds();
    return clamp(Math.max(apparent, stated(headers)));
  }

  static long clamp(long seconds) {
    return Math.max(0, Math.min(MAX, seconds));
  }

  private static long stated(List<Map.Entry<String, String>> headers) {
    String value = HeaderLines.first(headers, "Age");
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
