package dev.sluice.config;

import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a route says of further tries and of too many requests. */
final class LimitReader {
  private LimitReader() {}

  static Retry retry(Fields f) {
    Retry retry =
        new Retry(
            f.number("times", 1, 1, 5),
            on(f),
            f.has("per-try-deadline")
                ? f.duration("per-try-deadline", Duration.ofSeconds(30))
                : null);
    f.end();
    return retry;
  }

  private static Set<Retry.On> on(Fields f) {
    List<Scalar> words = f.texts("on");
    if (words == null) {
      return EnumSet.complementOf(EnumSet.of(Retry.On.TIMEOUT));
    }
    if (words.isEmpty()) {
      f.problems().error(f.place("on"), "on must name at least one failure");
    }
    EnumSet<Retry.On> on = EnumSet.noneOf(Retry.On.class);
    Values values = new Values(f.problems());
    Set<String> seen = new HashSet<>();
    for (Scalar word : words) {
      on.add(values.choice(word, "an item of on", Retry.On.CONNECT_FAILED));
      if (!seen.add(word.text())) {
        f.problems().error(word.place(), "on names " + word.said() + " twice");
      }
    }
    return on;
  }

  static RateLimit rateLimit(Fields f) {
    int requests = f.number("requests", 100, 1, 1_000_000);
    RateLimit limit =
        new RateLimit(
            requests,
            f.duration("per", Duration.ofSeconds(1)),
            f.number("burst", requests, 1, 1_000_000),
            header(f));
    if (!f.has("requests")) {
      f.problems().error(f.place(), "'requests' is missing");
    }
    f.end();
    return limit;
  }

  private static @Nullable String header(Fields f) {
    Scalar by = f.textScalar("by");
    if (by == null || by.text().equals("client")) {
      return null;
    }
    String header = Tokens.headerOf(by.text());
    if (header == null) {
      f.problems()
          .error(
              by.place(),
              "by must be client or header(NAME), not " + by.said(),
              "such as header(X-Api-Key)");
    }
    return header;
  }
}
