package dev.sluice.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Everything found wrong so far, so that one load reports all of it. */
final class Problems {
  private static final Pattern CONTROL =
      Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029\\u202a-\\u202e]");

  private final List<Problem> found = new ArrayList<>();

  void error(Place place, String message) {
    error(place, message, null);
  }

  void error(Place place, String message, @Nullable String hint) {
    add(Problem.Severity.ERROR, place, message, hint);
  }

  void warn(Place place, String message, @Nullable String hint) {
    add(Problem.Severity.WARNING, place, message, hint);
  }

  private void add(Problem.Severity severity, Place place, String message, @Nullable String hint) {
    found.add(new Problem(severity, place, line(message), hint == null ? null : line(hint)));
  }

  /** What a file holds must not break or colour a terminal's line. */
  private static String line(String text) {
    return CONTROL.matcher(text).replaceAll(" ");
  }

  boolean refused() {
    return found.stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
  }

  /** By file, line and column; what stands at one place keeps the order in which it was found. */
  List<Problem> sorted() {
    return found.stream()
        .distinct()
        .sorted(
            Comparator.comparing((Problem p) -> p.place().file())
                .thenComparingInt(p -> p.place().line())
                .thenComparingInt(p -> p.place().column()))
        .toList();
  }
}
