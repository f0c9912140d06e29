package dev.sluice.fallback.cache;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Dates of HTTP in their three forms (RFC 9110, section 5.6.7), in any case and in no other way: a
 * date that is almost one is none.
 */
final class HttpDate {
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final String SHORT_DAY = "(?:mon|tue|wed|thu|fri|sat|sun)";
  private static final String LONG_DAY =
      "(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)";
  private static final String MONTH = "(?<month>" + String.join("|", MONTHS) + ")";
  private static final String TIME = "(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)";
  private static final List<Pattern> FORMS =
      List.of(
          form(SHORT_DAY + ", (?<day>\\d\\d) " + MONTH + " (?<year>\\d{4}) " + TIME + " gmt"),
          form(LONG_DAY + ", (?<day>\\d\\d)-" + MONTH + "-(?<year>\\d\\d) " + TIME + " gmt"),
          form(SHORT_DAY + " " + MONTH + " (?<day>\\d\\d| \\d) " + TIME + " (?<year>\\d{4})"));

  private HttpDate() {}

  private static Pattern form(String text) {
    return Pattern.compile(text, Pattern.CASE_INSENSITIVE);
  }

  /** Null for what is absent or no date; two digits of a year are the nearest such year. */
  static @Nullable Instant parse(@Nullable String text, Instant now) {
    for (Pattern form : FORMS) {
      Matcher found = form.matcher(text == null ? "" : text.strip());
      if (found.matches()) {
        return instant(found, now);
      }
    }
    return null;
  }

  private static @Nullable Instant instant(Matcher m, Instant now) {
    try {
      return LocalDateTime.of(
              year(m.group("year"), now),
              MONTHS.indexOf(m.group("month").toLowerCase(Locale.ROOT)) + 1,
              number(m.group("day")),
              number(m.group("hour")),
              number(m.group("minute")),
              Math.min(59, number(m.group("second"))))
          .toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** More than fifty years ahead it is one of the past century. */
  private static int year(String digits, Instant now) {
    int year = number(digits);
    if (digits.length() == 4) {
      return year;
    }
    int current = now.atOffset(ZoneOffset.UTC).getYear();
    int near = current - current % 100 + year;
    return near > current + 50 ? near - 100 : near;
  }

  private static int number(String digits) {
    return Integer.parseInt(digits.strip());
  }
}
