package dev.sluice.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations and sizes as route files write them. */
final class Quantity {
  private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,8})(ms|s|m|h)");
  private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,8})(B|KiB|MiB|GiB)");
  static final Duration LONGEST = Duration.ofDays(366);

  private Quantity() {}

  /** Null unless the text is a duration such as {@code 250ms} of at most 366 days. */
  static @Nullable Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    long count = Long.parseLong(matcher.group(1));
    Duration duration =
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(count);
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          default -> Duration.ofHours(count);
        };
    return duration.compareTo(LONGEST) > 0 ? null : duration;
  }

  /** Whether the text has the shape of a duration and is none for its size alone. */
  static boolean outOfRange(String text) {
    return text.matches("-?[0-9]+(ms|s|m|h)") && duration(text) == null;
  }

  /** Null unless the text is a size such as {@code 64KiB} of at most 1,048,576 GiB. */
  static @Nullable Long bytes(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    long count = Long.parseLong(matcher.group(1));
    long bytes =
        switch (matcher.group(2)) {
          case "B" -> count;
          case "KiB" -> count << 10;
          case "MiB" -> count << 20;
          default -> count << 30;
        };
    return bytes > 1L << 50 ? null : bytes;
  }

  /** The shortest form that reads back as the same duration. */
  static String print(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 3_600_000 == 0) {
      return millis / 3_600_000 + "h";
    }
    if (millis % 60_000 == 0) {
      return millis / 60_000 + "m";
    }
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }

  /** The shortest form that reads back as the same size. */
  static String print(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB"};
    long count = bytes;
    int unit = 0;
    while (count > 0 && count % 1024 == 0 && unit < 3) {
      count /= 1024;
      unit++;
    }
    return count + units[unit];
  }
}
