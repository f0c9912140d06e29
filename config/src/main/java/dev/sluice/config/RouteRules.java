package dev.sluice.config;

import java.util.List;
import java.util.Set;

/** What must hold between a route's own parts, and between it and the rest. */
final class RouteRules {
  private static final String KEY = "give the store a key: openssl rand -base64 32 makes one";
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

  private RouteRules() {}

  static void check(Fields route, Route read) {
    if (read.kind() == Route.Kind.HEALTH) {
      health(route, read);
    }
    reserved(route, read);
    Writes writes = read.writes();
    if (writes != null) {
      queue(route, read, writes);
    }
    if (read.webSocket() != null) {
      webSocket(route, read);
    }
    Set<String> methods = read.match().methods();
    if (read.reads() != null && !methods.isEmpty() && !methods.contains("GET")) {
      route.problems().warn(route.place("reads"), "reads has no effect: methods has no GET", null);
    }
  }

  private static void health(Fields route, Route read) {
    Problems problems = route.problems();
    for (String key : List.of("reads", "writes")) {
      if (route.has(key)) {
        problems.error(route.place(key), "a health route has no " + key);
      }
    }
    Place place = route.place("backend");
    route
        .reading()
        .whenWhole(
            whole ->
                whole
                    .backend(read.backend())
                    .filter(backend -> backend.health() == null)
                    .ifPresent(
                        backend ->
                            problems.error(
                                place,
                                "a health route needs a backend with health",
                                "give the backend health: { path: /health }")));
  }

  private static void webSocket(Fields route, Route read) {
    Place place = route.place("websocket");
    if (read.reads() != null) {
      route
          .problems()
          .error(
              place,
              "a route with websocket has no reads",
              "give the sockets a route of their own");
    }
    route
        .reading()
        .whenWhole(
            whole ->
                whole
                    .backend(read.backend())
                    .filter(Backend::http2)
                    .ifPresent(
                        backend ->
                            route
                                .problems()
                                .error(
                                    place,
                                    "websocket needs a backend that is spoken to in HTTP/1.1",
                                    "name the service a second time, without http2")));
  }

  private static void reserved(Fields route, Route read) {
    Place place = route.section("match").place("path");
    String path = read.match().path();
    route
        .reading()
        .whenWhole(
            whole -> {
              if (path.equals("/.sluice") || path.startsWith("/.sluice/")) {
                route.problems().error(place, "paths under /.sluice/ are the gateway's own");
              } else if (whole.health().paths().contains(path)) {
                route
                    .problems()
                    .error(
                        place,
                        "this path is one of the gateway's own health answers",
                        "choose another path, or move them with health: { base: ... }");
              }
            });
  }

  private static void queue(Fields route, Route read, Writes writes) {
    Place place = route.place("writes");
    Problems problems = route.problems();
    credentials(route, problems, place, writes);
    Set<String> methods = read.match().methods();
    if (!methods.isEmpty() && SAFE.containsAll(methods)) {
      problems.warn(place, "writes has no effect: every method listed is a read", null);
    }
    Lint.queue(problems, place, read.match().path());
    route.reading().whenWhole(whole -> stored(problems, place, writes, whole));
  }

  /** Requests with credentials are queued only where both are said: whose they are, and as whom. */
  private static void credentials(Fields route, Problems problems, Place place, Writes writes) {
    boolean declared = !(writes.principal() instanceof Principal.Anonymous);
    boolean replayed = route.section("writes").has("replay-as");
    if (declared && !replayed) {
      problems.error(
          place,
          "queueing requests with credentials needs replay-as",
          "replay-as: gateway sends them as the gateway, client as the caller");
    } else if (replayed && !declared) {
      problems.warn(
          place,
          "without principal, requests with credentials are not queued: they get 503",
          "principal: header(NAME) says whose they are, public that it makes no difference");
    }
  }

  private static void stored(Problems problems, Place place, Writes writes, Configuration whole) {
    Store store = whole.store();
    if (store == null) {
      problems.error(
          place,
          "a route with writes needs a store",
          "add store: { url: \"sqlite:./data/sluice.db\" }");
    } else if (store.key() == null) {
      inTheClear(problems, place, writes, whole.environment().equals("demo"));
    }
  }

  private static void inTheClear(Problems problems, Place place, Writes writes, boolean demo) {
    if (!demo) {
      problems.error(
          place, "without a store key nothing is queued: writes would lie in the clear", KEY);
    } else if (writes.replayAs() == Writes.ReplayAs.CLIENT) {
      problems.warn(
          place,
          "replay-as: client without a store key: callers' credentials lie in the clear",
          KEY);
    }
  }
}
