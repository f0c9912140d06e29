package dev.sluice.gateway.cli;

import dev.sluice.config.Configuration;
import dev.sluice.config.Reads;
import dev.sluice.config.Route;
import dev.sluice.fallback.cache.StoredCopy;
import dev.sluice.gateway.app.Clocks;
import dev.sluice.gateway.route.Circumstances;
import dev.sluice.gateway.route.Decider;
import dev.sluice.gateway.route.Decision;
import dev.sluice.gateway.route.Matched;
import dev.sluice.gateway.route.RequestTarget;
import dev.sluice.gateway.route.RouteTable;
import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code explain}: which route a request takes, and what is done with it in each state. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = "Tells which route a request takes and what is done with it; exit 3: no route.")
final class ExplainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private RouteFiles files = new RouteFiles();

  @Parameters(index = "0", paramLabel = "METHOD")
  private String method = "GET";

  @Parameters(index = "1", paramLabel = "URL", description = "A path or a whole URL.")
  private String url = "/";

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Configuration configuration = files.loadOrTell(spec.commandLine().getErr());
    if (configuration == null) {
      return Exit.USAGE;
    }
    RequestTarget target = RequestTarget.parse(path(url));
    if (target == null) {
      out.println("refused with 400: dot segments, empty segments or encoded slashes in the path");
      return Exit.NO_ROUTE;
    }
    RouteTable table = new RouteTable(configuration);
    Matched matched = table.match(method, target.path());
    if (matched == null) {
      boolean known = !table.allowed(target.path()).isEmpty();
      out.println(known ? "405: no route takes this method here" : "404: no route has this path");
      return Exit.NO_ROUTE;
    }
    tell(out, configuration, matched);
    return Exit.OK;
  }

  private static String path(String url) {
    if (url.startsWith("/")) {
      return url;
    }
    URI uri = URI.create(url);
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return (uri.getRawPath().isEmpty() ? "/" : uri.getRawPath()) + query;
  }

  private void tell(PrintWriter out, Configuration configuration, Matched matched) {
    Route route = matched.route();
    out.printf(
        "route %s (%s) -> backend %s, needs %s%n",
        route.id(), route.place(), matched.backend().id(), matched.dependencies());
    out.printf("mode %s%n", route.mode().name().toLowerCase(java.util.Locale.ROOT));
    line(out, "all is well", configuration, matched, false, false, false);
    line(out, "breaker open", configuration, matched, true, false, false);
    if (route.reads() != null) {
      line(out, "breaker open, copy stored", configuration, matched, true, false, true);
    }
    if (route.writes() != null) {
      line(out, "database read-only", configuration, matched, false, true, false);
    }
  }

  private void line(
      PrintWriter out,
      String state,
      Configuration configuration,
      Matched matched,
      boolean closed,
      boolean readOnly,
      boolean stored) {
    Decision decision =
        Decider.decide(
            new Circumstances(
                matched,
                method,
                closed,
                readOnly,
                false,
                false,
                stored ? copy(matched.route().reads()) : null,
                true,
                true,
                false,
                false,
                configuration.store() != null,
                configuration.breaker().retryAfter()));
    out.printf("  %-26s %s%n", state + ":", words(decision));
  }

  private static @Nullable StoredCopy copy(@Nullable Reads reads) {
    return reads == null
        ? null
        : new StoredCopy(200, List.of(), new byte[0], Clocks.instants().instant(), 0);
  }

  private static String words(Decision decision) {
    if (decision instanceof Decision.Reject reject) {
      return reject.status() + ", " + reject.detail();
    }
    if (decision instanceof Decision.Enqueue) {
      return "held durably, 202";
    }
    if (decision instanceof Decision.ServeStored) {
      return "answered from the stored copy";
    }
    return decision instanceof Decision.AnswerHealth
        ? "answered from the posture"
        : "forwarded to the backend";
  }
}
