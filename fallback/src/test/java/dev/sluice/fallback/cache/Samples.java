package dev.sluice.fallback.cache;

import dev.sluice.config.Enforcement;
import dev.sluice.config.Match;
import dev.sluice.config.Place;
import dev.sluice.config.Principal;
import dev.sluice.config.Reads;
import dev.sluice.config.Reads.Caching;
import dev.sluice.config.Route;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Routes, headers and copies for the tests of this package. */
final class Samples {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final Principal PUBLIC = new Principal.Public();
  static final Principal ANONYMOUS = new Principal.Anonymous();
  static final Principal USER = new Principal.Header("X-User");

  private Samples() {}

  static Reads reads(Principal principal, boolean override, boolean stripSetCookie) {
    return reads(Caching.FALLBACK, principal, override, stripSetCookie);
  }

  static Reads reads(Caching cache, Principal principal, boolean override, boolean stripSetCookie) {
    return new Reads(
        cache,
        principal,
        Duration.ofMinutes(15),
        100,
        override,
        stripSetCookie,
        true,
        Duration.ofMillis(1_500),
        List.of(),
        List.of("X-Session"),
        false,
        null);
  }

  static Route route(String id, Principal principal) {
    return new Route(
        id,
        new Match("/**", Set.of()),
        "shop",
        null,
        Route.Kind.PROXY,
        Enforcement.ENFORCE,
        null,
        Map.of(),
        false,
        reads(principal, false, false),
        null,
        null,
        null,
        null,
        List.of(),
        null,
        Route.OnInfrastructureFailure.DEGRADED,
        new Place("sluice.yaml", 1, 1));
  }

  static List<Map.Entry<String, String>> headers(String... namesAndValues) {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (int at = 0; at < namesAndValues.length; at += 2) {
      headers.add(Map.entry(namesAndValues[at], namesAndValues[at + 1]));
    }
    return headers;
  }

  static StoredCopy copy(String body, String... namesAndValues) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return StoredCopy.answered(200, headers(namesAndValues), bytes, NOW);
  }

  static String text(StoredCopy copy) {
    return new String(copy.body(), StandardCharsets.UTF_8);
  }
}
