package dev.sluice.gateway.cli;

import dev.sluice.config.Configuration;
import dev.sluice.config.Filter;
import dev.sluice.config.Health;
import dev.sluice.config.PathRule;
import dev.sluice.config.Route;
import dev.sluice.gateway.route.Matched;
import dev.sluice.gateway.route.RequestTarget;
import dev.sluice.gateway.route.Rewriting;
import dev.sluice.gateway.route.RouteTable;
import java.io.PrintWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code explain}: which route a request takes, and what is done with it in each state. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = {
      "Tells which route a request takes and what is done with it; exit 3: no route.",
      "With --without: what still works, in which way and for how long."
    })
final class ExplainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private RouteFiles files = new RouteFiles();

  @Parameters(index = "0", paramLabel = "METHOD", arity = "0..1")
  private @Nullable String method;

  @Parameters(
      index = "1",
      paramLabel = "URL",
      arity = "0..1",
      description = "A path or a whole URL.")
  private @Nullable String url;

  @Option(
      names = "--without",
      paramLabel = "ID",
      split = ",",
      description =
          "Instead of one request: what each route does while these dependencies, networks or"
              + " backends are down.")
  private List<String> without = new ArrayList<>();

  @Option(
      names = "--admin",
      paramLabel = "URL",
      description = "With --without: how long the copies of a running gateway last, asked there.")
  private @Nullable URI admin;

  @Override
  public Integer call() {
    Question question = without.isEmpty() ? question() : null;
    Configuration configuration = files.loadOrTell(spec.commandLine().getErr());
    if (configuration == null) {
      return Exit.USAGE;
    }
    PrintWriter out = spec.commandLine().getOut();
    if (question == null) {
      AdminPort asked = admin == null ? null : AdminPort.at(spec.commandLine(), admin);
      return new BlastRadius(configuration, without, asked).tell(spec.commandLine());
    }
    String own = own(configuration.health(), question);
    if (own != null) {
      out.println("the gateway's own answer: " + own);
      return Exit.OK;
    }
    RouteTable table = new RouteTable(configuration);
    String refusal = refusal(table, question);
    if (refusal != null) {
      out.println(refusal);
      return Exit.NO_ROUTE;
    }
    RequestTarget target = question.target();
    Matched matched = target == null ? null : table.match(question.method(), target.path());
    if (target == null || matched == null) {
      return Exit.NO_ROUTE;
    }
    tell(out, matched, Forecast.of(configuration, matched, question.method()));
    filtered(out, matched, target);
    return Exit.OK;
  }

  private Question question() {
    String asked = method;
    String where = url;
    if (asked == null || where == null) {
      throw new ParameterException(
          spec.commandLine(),
          "explain needs a method and a URL, such as GET /orders, or --without ID");
    }
    try {
      return Question.of(asked, where);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /** What the gateway answers by itself on this path, whatever the routes are; or null. */
  private static @Nullable String own(Health health, Question question) {
    if (question.uri().equals("*") && question.method().equals("OPTIONS")) {
      return "which methods it takes";
    }
    RequestTarget target = question.target();
    if (target == null || Question.NEVER.contains(question.method())) {
      return null;
    }
    String path = target.path();
    if (path.equals(health.base())) {
      return "its full health report";
    }
    if (path.equals(health.live())) {
      return "whether its process lives";
    }
    if (path.equals(health.ready())) {
      return "its readiness";
    }
    if (path.equals(health.startup())) {
      return "whether it has started";
    }
    return path.startsWith(Question.WRITES) ? "how a held write stands, to its owner" : null;
  }

  /** Why no route takes the request, or null. */
  private static @Nullable String refusal(RouteTable table, Question question) {
    String method = question.method();
    if (Question.NEVER.contains(method)) {
      return "405: " + method + " is not served";
    }
    RequestTarget target = question.target();
    if (target == null) {
      String fault = PathRule.fault(question.path());
      return "400: the path has " + (fault == null ? "a character that must be encoded" : fault);
    }
    boolean own = target.path().startsWith(Question.OWN);
    if (!own && table.match(method, target.path()) != null) {
      return null;
    }
    Set<String> allowed = own ? Set.of() : table.allowed(target.path());
    return allowed.isEmpty()
        ? "404: no route has this path"
        : "405: no route takes this method here, only " + String.join(", ", allowed);
  }

  /** What the route's filters make of the request. */
  private static void filtered(PrintWriter out, Matched matched, RequestTarget target) {
    Rewriting rewriting = matched.rewriting();
    String asked = target.pathAndQuery();
    Filter instead = rewriting.instead();
    if (instead instanceof Filter.Redirect redirect) {
      out.printf("always: %d to %s%n", redirect.status(), Rewriting.location(redirect, asked));
    } else if (instead instanceof Filter.Answer answer) {
      out.printf("always: %d %s%n", answer.status(), answer.contentType());
    } else if (!rewriting.none()) {
      String host = rewriting.host("the client's host");
      out.printf("the backend is asked for %s, its Host is %s%n", rewriting.target(asked), host);
    }
    if (matched.route().webSocket() != null) {
      out.println("WebSockets pass");
    }
  }

  private static void tell(PrintWriter out, Matched matched, Map<String, String> forecast) {
    Route route = matched.route();
    out.printf(
        "route %s (%s) -> backend %s at %s, needs %s%n",
        route.id(),
        route.place(),
        matched.backend().id(),
        String.join(", ", matched.backend().urls()),
        matched.dependencies());
    out.printf("mode %s%n", route.mode().name().toLowerCase(Locale.ROOT));
    int width = forecast.keySet().stream().mapToInt(String::length).max().orElse(0) + 1;
    forecast.forEach(
        (state, told) ->
            out.println("  " + state + ":" + " ".repeat(width - state.length()) + " " + told));
  }
}
