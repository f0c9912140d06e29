package dev.sluice.gateway.cli;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Listen;
import dev.sluice.config.Route;
import dev.sluice.config.Validation.Marked;
import dev.sluice.gateway.route.Matched;
import dev.sluice.gateway.route.RouteTable;
import dev.sluice.gateway.validate.Expected;
import dev.sluice.gateway.validate.Expected.Way;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a drill visits: every route, with a path that it takes and what it is to do. */
final class DrillPlan {
  private static final String REST = "/**";

  private final Configuration configuration;
  private final RouteTable table;
  private final List<Expected> visited = new ArrayList<>();
  private final List<String> left = new ArrayList<>();

  private DrillPlan(Configuration configuration) {
    this.configuration = configuration;
    this.table = new RouteTable(configuration);
  }

  /** As {@link Without} foretells it. What changes something is visited only if it is held. */
  static DrillPlan of(Configuration configuration, String dependency) {
    DrillPlan plan = new DrillPlan(configuration);
    Without.of(configuration, List.of(dependency)).forEach(plan::plan);
    return plan;
  }

  /** What is visited, in this order. */
  List<Expected> visited() {
    return visited;
  }

  /** What is not, and why. */
  List<String> left() {
    return left;
  }

  private void plan(Without.Line line) {
    Route route = configuration.route(line.route()).orElseThrow();
    Way way = way(line.way());
    boolean reads = reads(route, line);
    if (way != Way.HELD && !reads) {
      left.add(route.id() + ": a " + line.methods() + " that is not held would be done");
      return;
    }
    String path = way == Way.HELD ? record(route) : path(route);
    if (path != null) {
      visited.add(new Expected(route.id(), way, path));
    } else {
      left.add(
          route.id()
              + (way == Way.HELD
                  ? ": validation.record is none of it"
                  : ": its path has a star, and validation.paths names none that it takes"));
    }
  }

  /** A path that some route takes to this backend for reads; null where none is known. */
  static @Nullable String read(Configuration configuration, Backend backend) {
    DrillPlan plan = new DrillPlan(configuration);
    return configuration.routes().stream()
        .filter(route -> route.kind() == Route.Kind.PROXY && route.backend().equals(backend.id()))
        .map(plan::path)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** The first of a backend's addresses. */
  static URI address(Backend backend) {
    String scheme = backend.tls() == null ? "http" : "https";
    return URI.create(scheme + "://" + backend.addresses().get(0).authority());
  }

  private static Way way(Without.Way way) {
    return switch (way) {
      case AS_EVER -> Way.AS_EVER;
      case COPIES -> Way.COPIES;
      case HELD -> Way.HELD;
      case REFUSED -> Way.REFUSED;
    };
  }

  /** Whether the line is about requests that change nothing. */
  private boolean reads(Route route, Without.Line line) {
    return (route.match().methods().isEmpty() || route.match().methods().contains("GET"))
        && !line.methods().equals("writes")
        && (route.match().methods().isEmpty() || line.methods().contains("GET"));
  }

  /** The record's path where this is the route that writes it. */
  private @Nullable String record(Route route) {
    Marked marked = configuration.operation().validation().marked();
    return marked != null && takes(route, "PUT", marked.path()) ? marked.path() : null;
  }

  /** One that the files name, or the pattern itself where it has no star but the last. */
  private @Nullable String path(Route route) {
    String named = configuration.operation().validation().paths().get(route.id());
    String pattern = route.match().path();
    String plain =
        pattern.endsWith(REST) ? pattern.substring(0, pattern.length() - REST.length()) : pattern;
    String path = named == null ? (plain.isEmpty() ? "/" : plain) : named;
    return !path.contains("*") && takes(route, "GET", path) ? path : null;
  }

  private boolean takes(Route route, String method, String path) {
    Matched matched = table.match(method, path);
    return matched != null && matched.route().id().equals(route.id());
  }

  /** Where a gateway of these files takes requests, as seen from its machine; null: not said. */
  static @Nullable URI address(Listen listen) {
    if (listen.port() == 0) {
      return null;
    }
    boolean any = listen.host().equals("0.0.0.0") || listen.host().equals("::");
    String host = any ? "127.0.0.1" : listen.host();
    String written = host.contains(":") ? "[" + host + "]" : host;
    String scheme = listen.tls() == null ? "http" : "https";
    return URI.create(scheme + "://" + written + ":" + listen.port());
  }
}
