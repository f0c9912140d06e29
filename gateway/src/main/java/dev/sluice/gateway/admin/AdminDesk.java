package dev.sluice.gateway.admin;

import dev.sluice.gateway.health.Bodies;
import dev.sluice.gateway.health.HealthAnswer;
import dev.sluice.gateway.telemetry.Scrape;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.verdict.Commands;
import dev.sluice.probes.verdict.Verdict;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** What the admin port answers. Knows no sockets; never blocks. */
final class AdminDesk {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.admin");
  private static final Set<String> READABLE =
      Set.of(
          "/",
          "/metrics",
          "/health",
          "/verdict",
          "/dependencies",
          "/queue",
          "/cache",
          "/alerts",
          "/processes",
          "/fleet",
          OutageDesk.RECORDING,
          "/outages");

  private final AdminSources sources;
  private final Admission admission;
  private final LivePage page;
  private final SampleDesk samples;
  private final CacheDesk cache;
  private final QueueDesk queue;
  private final OutageDesk outages;
  private final DrillDesk drills;
  private final ValidationDesk validations;

  AdminDesk(AdminSources sources, Admission admission, LivePage page) {
    this.sources = sources;
    this.admission = admission;
    this.page = page;
    this.samples = new SampleDesk(sources);
    this.cache = new CacheDesk(sources);
    this.queue = new QueueDesk(sources);
    this.outages = new OutageDesk(sources);
    this.drills = new DrillDesk(sources);
    this.validations = new ValidationDesk(sources);
  }

  /**
   * A question.
   *
   * @param query the first value of each parameter
   * @param field the value of a header field; null where there is none
   * @param length of the body in bytes; -1 where it is not said
   */
  record Question(
      String method,
      String path,
      Map<String, String> query,
      Function<String, @Nullable String> field,
      long length,
      Mono<byte[]> body) {}

  Mono<Reply> answer(Question q) {
    return switch (q.method()) {
      case "GET", "HEAD" -> read(q);
      case "POST", "DELETE" -> {
        boolean agents = q.path().equals(SampleDesk.PATH);
        Reply refusal =
            agents
                ? admission.agentRefusal(q.field().apply("Authorization"))
                : admission.refusal(q.field());
        yield refusal != null ? Mono.just(refusal) : allowed(q, agents);
      }
      default -> Mono.just(notAllowed("GET, HEAD, POST, DELETE"));
    };
  }

  private Mono<Reply> allowed(Question q, boolean agents) {
    if (!agents) {
      LOG.info("{}: {} {}", admission.who(q.field()), q.method(), q.path());
    }
    return change(q);
  }

  private Mono<Reply> read(Question q) {
    return switch (q.path()) {
      case "/" -> Mono.just(page());
      case "/metrics" -> Mono.just(numbers(q.field().apply("Accept")));
      case "/health" -> Mono.just(health());
      case "/verdict" -> Mono.just(Reply.json(verdicts(sources.posture())));
      case "/dependencies" -> Mono.just(dependencies(q));
      case LiveEvents.PATH ->
          Mono.just(Reply.problem(503, "Too many listen", "Close a status page, or load it anew."));
      case "/queue" -> queue.list(q);
      case "/fleet" -> Mono.just(Reply.json(new FleetView(sources).map()));
      case "/processes" -> Mono.just(Reply.json(ProcessView.of(sources.processes())));
      case "/alerts", "/outages" -> Mono.just(outages.list());
      case "/cache" -> Mono.just(cache.read(q));
      case "/-/passthrough" -> Mono.just(Reply.json(passthrough()));
      case "/-/reload" -> Mono.just(Reply.json(Reloads.latest(sources.reloaded())));
      case OutageDesk.RECORDING -> outages.recording(q);
      case DrillDesk.PATH -> Mono.just(drills.read());
      case ValidationDesk.PATH -> Mono.just(validations.list());
      default -> below(q);
    };
  }

  private Reply numbers(@Nullable String accept) {
    Scrape scrape = sources.scrape(accept);
    return new Reply(200, scrape.contentType(), scrape.body(), Map.of());
  }

  private Reply page() {
    String html = page.html(StatusPage.title(sources), StatusPage.sections(sources));
    return Reply.text("text/html; charset=utf-8", html).with(LivePage.POLICY, page.policy());
  }

  private Mono<Reply> below(Question q) {
    if (q.path().startsWith("/queue/")) {
      return queue.one(q);
    }
    if (q.path().startsWith(ValidationDesk.BELOW)) {
      return validations.kept(q);
    }
    boolean outage = q.path().startsWith("/outages/");
    return Mono.just(outage ? outages.one(q.path().substring("/outages/".length())) : notFound());
  }

  private Mono<Reply> change(Question q) {
    boolean post = q.method().equals("POST");
    if (q.path().equals(SampleDesk.PATH)) {
      return post ? samples.take(q) : Mono.just(notAllowed("POST"));
    }
    if (q.path().equals("/cache")) {
      return Mono.just(post ? notAllowed("GET, HEAD, DELETE") : cache.purge(q));
    }
    if (q.path().equals("/-/passthrough")) {
      return Mono.just(switchPassthrough(post && !"false".equals(q.query().get("on"))));
    }
    if (q.path().equals(ValidationDesk.PATH)) {
      return Mono.just(post ? validations.ask(q) : notAllowed("GET, HEAD, POST"));
    }
    if (q.path().equals(DrillDesk.PATH)) {
      return Mono.just(drills.change(q));
    }
    if (q.path().equals("/-/reload")) {
      return post
          ? Mono.fromFuture(sources::reloadNow, true).map(Reloads::reply)
          : Mono.just(notAllowed("GET, HEAD, POST"));
    }
    if (q.path().startsWith("/queue/")) {
      return queue.change(q);
    }
    return Mono.just(READABLE.contains(q.path()) ? notAllowed("GET, HEAD") : notFound());
  }

  private Reply health() {
    HealthAnswer answer = sources.health();
    return new Reply(answer.status(), HealthAnswer.CONTENT_TYPE, answer.body(), Map.of());
  }

  private Reply dependencies(Question q) {
    DependencyView view =
        new DependencyView(sources.configuration(), sources.posture(), sources.paths());
    return switch (q.query().getOrDefault("format", "json")) {
      case "json" -> Reply.json(view.json());
      case "mermaid" -> Reply.text("text/plain; charset=utf-8", view.chart());
      default -> Reply.problem(400, "The query is not understood", "format is json or mermaid.");
    };
  }

  private Map<String, Object> verdicts(Posture posture) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("mode", posture.mode().label());
    out.put("taken-at", posture.takenAt().toString());
    out.put("headline", verdict(posture.headline()));
    Map<String, Object> all = new LinkedHashMap<>();
    posture
        .dependencies()
        .values()
        .forEach(d -> all.put(d.id(), verdict(d.verdict(), d.breaker())));
    posture.backends().values().forEach(b -> all.put(b.id(), verdict(b.verdict(), b.breaker())));
    out.put("verdicts", all);
    return out;
  }

  private Map<String, Object> verdict(Verdict verdict, BreakerState breaker) {
    Map<String, Object> out = verdict(verdict);
    out.put("breaker", breaker.label());
    return out;
  }

  private Map<String, Object> verdict(Verdict verdict) {
    Map<String, Object> out = Bodies.verdict(verdict, true);
    out.put("commands", Commands.of(verdict, sources.configuration()));
    return out;
  }

  private Reply switchPassthrough(boolean on) {
    sources.passthrough(on);
    LOG.warn("operator: pass-through {}", on ? "on" : "off");
    return Reply.json(Map.of("passthrough", on));
  }

  private Map<String, Object> passthrough() {
    return Map.of("passthrough", sources.situation().passthrough());
  }

  static Reply notFound() {
    return Reply.problem(404, "Not found", "The status page at / names what there is.");
  }

  static Reply notAllowed(String allowed) {
    return Reply.problem(405, "Method not allowed", "Allowed here: " + allowed + ".")
        .with("Allow", allowed);
  }
}
