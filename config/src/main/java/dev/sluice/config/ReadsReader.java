package dev.sluice.config;

import dev.sluice.config.Reads.Caching;
import dev.sluice.config.Reads.Prefetch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads what a route says of stored copies. */
final class ReadsReader {
  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration QUARTER = Duration.ofMinutes(15);
  private static final int MOST_PREFETCHED = 1_000;

  private ReadsReader() {}

  static Reads read(Fields f) {
    Caching cache = f.choice("cache", Caching.FALLBACK);
    Principal principal = Tokens.principal(f);
    boolean shared = principal instanceof Principal.Public || cache == Caching.STANDARD;
    Reads reads =
        new Reads(
            cache,
            principal,
            f.duration("max-stale", shared && !keyed(principal) ? DAY : QUARTER),
            (int) f.bytes("max-object", 1 << 20, 1 << 30),
            f.flag("override-cache-control", false),
            f.flag("strip-set-cookie", false),
            f.flag("heuristic", true),
            f.duration("revalidate-deadline", Duration.ofMillis(1_500)),
            instead(f),
            credentials(f),
            f.flag("refetch", false),
            f.has("prefetch") ? prefetch(f.section("prefetch")) : null);
    f.end();
    check(f, reads);
    return reads;
  }

  private static boolean keyed(Principal principal) {
    return principal instanceof Principal.Header || principal instanceof Principal.Claim;
  }

  private static void check(Fields f, Reads reads) {
    if (reads.standard() && reads.overrideCacheControl()) {
      f.problems()
          .error(
              f.place("override-cache-control"),
              "override-cache-control is for cache: fallback",
              "a standard cache obeys Cache-Control; let the backend send CDN-Cache-Control");
    }
    if (!reads.standard()) {
      for (String key : List.of("heuristic", "revalidate-deadline")) {
        if (f.has(key)) {
          f.problems().warn(f.place(key), key + " has no effect with cache: fallback", null);
        }
      }
    }
    if (reads.refetch() && keyed(reads.principal())) {
      f.problems()
          .error(
              f.place("refetch"),
              "what is fetched anew belongs to nobody",
              "refetch is for principal: public, or for routes without one");
    }
    if (reads.prefetch() != null && keyed(reads.principal())) {
      f.problems()
          .error(
              f.place("prefetch"),
              "what is fetched ahead belongs to nobody",
              "prefetch is for principal: public, or for routes without one");
    }
  }

  private static List<String> instead(Fields f) {
    List<Scalar> scalars = f.texts("instead");
    List<String> ids = new ArrayList<>();
    for (Scalar id : scalars == null ? List.<Scalar>of() : scalars) {
      if (ids.contains(id.text())) {
        f.problems().error(id.place(), "instead names " + id.said() + " twice");
      } else {
        f.reading().ids().mean(Ids.Kind.BACKEND, id);
        ids.add(id.text());
      }
    }
    return ids;
  }

  private static List<String> credentials(Fields f) {
    List<Scalar> names = f.texts("credential-headers");
    List<String> headers = new ArrayList<>();
    for (Scalar name : names == null ? List.<Scalar>of() : names) {
      if (Tokens.header(name.text())) {
        headers.add(name.text());
      } else {
        f.problems()
            .error(name.place(), "credential-headers must be names of headers, not " + name.said());
      }
    }
    return headers;
  }

  private static Prefetch prefetch(Fields f) {
    Scalar host = f.requiredScalar("host");
    List<Scalar> paths = f.texts("paths");
    if (paths == null || paths.isEmpty()) {
      f.problems()
          .error(f.place(), "prefetch needs paths", "such as paths: [\"/api/orders?limit=20\"]");
    }
    Prefetch prefetch =
        new Prefetch(
            host == null ? "" : host(f, host),
            targets(f, paths == null ? List.of() : paths),
            f.duration("every", Duration.ofSeconds(60)));
    f.end();
    return prefetch;
  }

  private static String host(Fields f, Scalar host) {
    if (!host.text().matches("[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?")) {
      f.problems()
          .error(
              host.place(),
              "host must be a name as clients send it in Host, not " + host.said(),
              "such as api.example.com");
    }
    return host.text().toLowerCase(Locale.ROOT);
  }

  private static List<String> targets(Fields f, List<Scalar> paths) {
    List<String> targets = new ArrayList<>();
    for (Scalar path : paths) {
      String fault = fault(path.text());
      if (fault != null) {
        f.problems().error(path.place(), "a path to prefetch " + fault);
      } else if (targets.size() == MOST_PREFETCHED) {
        f.problems().error(path.place(), "more than " + MOST_PREFETCHED + " paths to prefetch");
        break;
      }
      targets.add(path.text());
    }
    return targets;
  }

  private static @Nullable String fault(String target) {
    if (!target.matches("/[!-~&&[^#]]{0,2047}")) {
      return "must begin with a slash and hold no space or #";
    }
    String rule = PathRule.fault(target.split("\\?", 2)[0]);
    return rule == null ? null : "has " + rule;
  }
}
