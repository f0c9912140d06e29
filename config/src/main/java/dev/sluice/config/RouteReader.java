package dev.sluice.config;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads routes. */
final class RouteReader {
  private static final int LONGEST_PATH = 1024;

  private final Enforcement mode;

  /** With the mode of every route that does not name its own. */
  RouteReader(Enforcement mode) {
    this.mode = mode;
  }

  Route route(Fields f) {
    String id = Id.read(f, Ids.Kind.ROUTE);
    if (!f.has("match")) {
      f.requiredScalar("match");
    }
    Match match = match(f.section("match"), f.has("match"));
    Needs uses = Needs.read(f, "uses");
    Route route =
        new Route(
            id,
            match,
            Id.referRequired(f, "backend", Ids.Kind.BACKEND),
            f.has("impact") ? f.text("impact", "") : null,
            f.choice("kind", Route.Kind.PROXY),
            f.choice("mode", mode),
            uses == null ? null : uses.ids(),
            uses == null ? Map.of() : uses.required(),
            f.flag("essential", false),
            f.has("reads") ? ReadsReader.read(f.section("reads")) : null,
            f.has("writes") ? WritesReader.read(f.section("writes")) : null,
            f.has("deadline") ? f.duration("deadline", Duration.ofSeconds(30)) : null,
            f.has("retry") ? LimitReader.retry(f.section("retry")) : null,
            f.has("rate-limit") ? LimitReader.rateLimit(f.section("rate-limit")) : null,
            FilterReader.read(f),
            f.has("websocket") ? webSocket(f.section("websocket")) : null,
            f.choice("on-infrastructure-failure", Route.OnInfrastructureFailure.DEGRADED),
            f.place());
    f.end();
    RouteRules.check(f, route);
    return route;
  }

  private static Route.WebSocket webSocket(Fields f) {
    Route.WebSocket webSocket = new Route.WebSocket(f.duration("idle", Duration.ofMinutes(5)));
    f.end();
    return webSocket;
  }

  private static Match match(Fields f, boolean given) {
    Scalar path = given ? f.requiredScalar("path") : null;
    if (path != null) {
      checkPath(f.problems(), path);
    }
    Match match = new Match(path == null ? "" : path.text(), methods(f));
    f.end();
    return match;
  }

  private static void checkPath(Problems problems, Scalar path) {
    String text = path.text();
    if (!text.matches("/[!-~&&[^?#]]*")) {
      problems.error(
          path.place(),
          "path must begin with a slash and hold no space, ? or #, not " + path.said());
      return;
    }
    String fault = PathRule.fault(text);
    if (fault != null) {
      problems.error(
          path.place(), "a path has " + fault, "the gateway refuses such requests with 400");
    }
    if (text.length() > LONGEST_PATH) {
      problems.error(path.place(), "path is longer than " + LONGEST_PATH + " characters");
    }
    Lint.path(problems, path);
    checkStars(problems, path);
  }

  private static void checkStars(Problems problems, Scalar path) {
    String[] segments = path.text().substring(1).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      String segment = segments[i];
      if (segment.equals("**") && i < segments.length - 1) {
        problems.error(path.place(), "** stands only at the end of a path");
      } else if (segment.contains("*") && !segment.equals("*") && !segment.equals("**")) {
        problems.error(
            path.place(), "* stands for a whole segment", "such as /api/*/items or /api/**");
      }
    }
  }

  private static Set<String> methods(Fields f) {
    Set<String> methods = new LinkedHashSet<>();
    List<Scalar> texts = f.texts("methods");
    for (Scalar method : texts == null ? List.<Scalar>of() : texts) {
      if (!method.text().matches("[A-Z]{1,32}") || method.text().equals("CONNECT")) {
        f.problems()
            .error(method.place(), method.said() + " is no method", "such as GET, in capitals");
      } else if (!methods.add(method.text())) {
        f.problems().error(method.place(), "methods names " + method.said() + " twice");
      }
    }
    return methods;
  }
}
