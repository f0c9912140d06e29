package dev.sluice.config;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Scalars to typed values; what cannot be read is a problem and gives the default. */
final class Values {
  private final Problems problems;

  Values(Problems problems) {
    this.problems = problems;
  }

  /** How a file writes a constant. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The scalar itself; null when it is no text or blank. */
  @Nullable Scalar text(Scalar scalar, String name) {
    if (!scalar.is(Scalar.Kind.TEXT)) {
      problems.error(
          scalar.place(), name + " must be text, not " + scalar.kind().words(), "quote it");
      return null;
    }
    if (scalar.text().isBlank()) {
      problems.error(scalar.place(), name + " must not be empty");
      return null;
    }
    return scalar;
  }

  int number(Scalar scalar, String name, int otherwise, int least, int most) {
    if (scalar.is(Scalar.Kind.NUMBER) && scalar.text().matches("-?[0-9]{1,10}")) {
      long number = Long.parseLong(scalar.text());
      if (number >= least && number <= most) {
        return (int) number;
      }
    }
    boolean padded = scalar.kind() == Scalar.Kind.TEXT && scalar.raw().matches("0[0-9]+");
    String hint = padded ? "leave the leading zero out" : quoted(scalar, "[0-9]+");
    return refuse(
        scalar, name + " must be a whole number from " + least + " to " + most, hint, otherwise);
  }

  boolean flag(Scalar scalar, String name, boolean otherwise) {
    if (scalar.is(Scalar.Kind.BOOLEAN) && scalar.text().matches("true|false")) {
      return scalar.text().equals("true");
    }
    String hint = quoted(scalar, "true|false");
    return refuse(scalar, name + " must be true or false", hint, otherwise);
  }

  Duration duration(Scalar scalar, String name, Duration otherwise) {
    Duration duration = Quantity.duration(scalar.text());
    if (duration != null) {
      return duration;
    }
    String rule =
        Quantity.outOfRange(scalar.text())
            ? " must be from 1ms to " + Quantity.print(Quantity.LONGEST) + " (366 days)"
            : " must be a duration such as 250ms, 5s, 2m or 24h";
    return refuse(scalar, name + rule, null, otherwise);
  }

  long bytes(Scalar scalar, String name, long otherwise, long most) {
    Long bytes = Quantity.bytes(scalar.text());
    if (bytes == null) {
      return refuse(scalar, name + " must be a size such as 64KiB or 1MiB", null, otherwise);
    }
    return bytes > most
        ? refuse(scalar, name + " must be at most " + Quantity.print(most), null, otherwise)
        : bytes;
  }

  <E extends Enum<E>> E choice(Scalar scalar, String name, E otherwise) {
    E[] constants = otherwise.getDeclaringClass().getEnumConstants();
    for (E constant : constants) {
      if (scalar.is(Scalar.Kind.TEXT) && word(constant).equals(scalar.text())) {
        return constant;
      }
    }
    String words = Stream.of(constants).map(Values::word).collect(Collectors.joining(", "));
    return refuse(scalar, name + " must be one of " + words, null, otherwise);
  }

  private static @Nullable String quoted(Scalar scalar, String shape) {
    boolean quoted = scalar.kind() == Scalar.Kind.QUOTED && scalar.raw().matches(shape);
    return quoted ? "leave the quotes out" : null;
  }

  private <T> T refuse(Scalar scalar, String rule, @Nullable String hint, T otherwise) {
    problems.error(scalar.place(), rule + ", not " + scalar.said(), hint);
    return otherwise;
  }
}
