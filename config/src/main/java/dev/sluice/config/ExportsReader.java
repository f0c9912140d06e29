package dev.sluice.config;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code telemetry:}. */
final class ExportsReader {
  private static final String NAME = "[A-Za-z0-9-]{1,100}";
  private static final String VALUE = "[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?";

  private ExportsReader() {}

  static Exports read(Fields f) {
    Exports exports =
        new Exports(
            f.text("service", Exports.NONE.service()),
            otlp(f),
            headers(f.section("headers")),
            f.has("traces") ? oneIn(f.section("traces")) : 0,
            f.has("metrics") ? every(f.section("metrics")) : null);
    f.end();
    boolean nowhere = exports.otlp() == null && !f.has("otlp");
    if (nowhere && (f.has("traces") || f.has("metrics"))) {
      f.problems()
          .error(
              f.place(),
              "telemetry says what is sent, and not where to",
              "otlp: http://127.0.0.1:4318 is a collector on the same machine");
    }
    return exports;
  }

  private static @Nullable URI otlp(Fields f) {
    Scalar text = f.textScalar("otlp");
    URI url = text == null ? null : Addresses.httpUrl(text.text());
    boolean whole = url != null && url.getQuery() == null && url.getFragment() == null;
    if (text != null && !whole) {
      f.problems()
          .error(
              text.place(),
              "otlp must be an http or https URL without user info",
              "such as http://127.0.0.1:4318; what a receiver wants to know of the sender goes into"
                  + " headers");
    }
    return whole ? url : null;
  }

  private static Map<String, Secret> headers(Fields f) {
    Map<String, Secret> headers = new LinkedHashMap<>();
    for (Scalar name : f.keys()) {
      Scalar value = f.textScalar(name.text());
      if (!name.text().matches(NAME)) {
        f.problems().error(name.place(), "a header's name is letters, digits and '-'");
      } else if (value != null && !value.text().matches(VALUE)) {
        f.problems().error(value.place(), "a header's value is one line of ASCII");
      } else if (value != null) {
        headers.put(name.text(), new Secret(value.text()));
      }
    }
    f.end();
    return headers;
  }

  private static int oneIn(Fields f) {
    int oneIn = f.number("one-in", Exports.USUAL_ONE_IN, 1, 1_000_000);
    f.end();
    return oneIn;
  }

  private static Duration every(Fields f) {
    Duration every = f.duration("every", Exports.USUAL_EVERY);
    f.end();
    return every;
  }
}
