package dev.sluice.config;

import dev.sluice.config.CloudRunService.Container;
import dev.sluice.config.CloudRunService.Probe;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is allowed and goes wrong on Cloud Run (its container runtime contract, and its pages on
 * health checks, billing and VPC egress). Pure.
 */
public final class CloudRunRules {
  private static final Duration STOP = Duration.ofSeconds(8);
  private static final Duration BALANCERS_IDLE = Duration.ofMinutes(10);
  private static final long LEAST_MEMORY = 256L << 20;
  private static final long SECOND_GENERATION = 512L << 20;
  private static final int GENEROUS = 200;

  /** Of the gateway itself: what is open at once to a dependency by its probes. */
  private static final int PROBES = 2;

  private static final Pattern NOT_PASSED_ON = Pattern.compile("/_ah(/.*)?|/eventlog|/[^*]*z");
  private static final Pattern PRIVATE =
      Pattern.compile(
          "10\\..*|192\\.168\\..*|172\\.(1[6-9]|2[0-9]|3[01])\\..*|127\\..*"
              + "|100\\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\\..*|f[cd].*:.*|::1|fe80:.*");
  private static final Set<String> POOL_SIZES =
      Set.of(
          "SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE",
          "SPRING_R2DBC_POOL_MAX_SIZE",
          "QUARKUS_DATASOURCE_JDBC_MAX_SIZE",
          "DB_POOL_SIZE");

  private final Problems problems = new Problems();
  private final Configuration whole;
  private final LoadResult loaded;
  private final Place file;

  private CloudRunRules(LoadResult loaded, Configuration whole, String file) {
    this.loaded = loaded;
    this.whole = whole;
    this.file = new Place(file, 1, 1);
  }

  /**
   * Everything that is worth a warning.
   *
   * @param file what the configuration was read from, for what has no place of its own
   * @param service null where it is not known
   * @param maxConnections of the database; 0 where it is not known
   */
  public static List<Problem> of(
      LoadResult loaded,
      Configuration whole,
      String file,
      @Nullable CloudRunService service,
      int maxConnections) {
    CloudRunRules rules = new CloudRunRules(loaded, whole, file);
    rules.listening();
    rules.paths();
    rules.store();
    rules.backends();
    rules.publicAddresses(service);
    if (service != null) {
      rules.scaling(service, maxConnections);
      rules.time(service);
      rules.containers(service);
    }
    return rules.problems.sorted();
  }

  private void warn(Place place, String message, String hint) {
    problems.warn(place, message, hint);
  }

  private void listening() {
    Listen listen = whole.listen();
    if (!loaded.origins().containsKey("listen.port") && listen.port() != 8080) {
      warn(file, "listen.port is fixed: Cloud Run tells it by PORT", "port: \"${PORT:8080}\"");
    }
    if (!listen.host().equals("0.0.0.0")) {
      warn(file, "listen.host must be 0.0.0.0: requests come from outside", "leave host out");
    }
    if (listen.tls() != null) {
      warn(
          file,
          "Cloud Run ends TLS itself and speaks plain HTTP to the container",
          "no listen.tls");
    }
    if (listen.drain().compareTo(STOP) > 0) {
      warn(file, "listen.drain is longer than 8s: 10 s after SIGTERM comes SIGKILL", "drain: 8s");
    }
    if (listen.idle().compareTo(BALANCERS_IDLE) <= 0) {
      warn(
          file,
          "listen.idle is not above 600s: load balancers keep connections so long, and a request"
              + " may meet one that is being closed",
          "leave idle out");
    }
  }

  private void paths() {
    for (Route route : whole.routes()) {
      if (NOT_PASSED_ON.matcher(route.match().path()).matches()) {
        warn(
            route.place(),
            "requests to "
                + route.match().path()
                + " may never reach a container: Cloud Run keeps"
                + " paths that end in z, /_ah/ and /eventlog to itself",
            "such as /health instead of /healthz");
      }
    }
    if (NOT_PASSED_ON.matcher(whole.health().base()).matches()) {
      warn(file, "health.base ends in z: Cloud Run may keep it to itself", "base: /health");
    }
  }

  private void store() {
    Store store = whole.store();
    boolean held = whole.routes().stream().anyMatch(route -> route.writes() != null);
    if (store != null && store.shared() == null && held) {
      warn(
          file,
          "held writes are in a file, which goes with the instance: a 202 would promise nothing",
          "store.url: r2dbc:postgresql://... in another failure domain than the database");
    }
  }

  private void backends() {
    for (Backend backend : whole.backends()) {
      boolean service = backend.addresses().stream().anyMatch(a -> a.host().endsWith(".run.app"));
      if (service && backend.auth() == null) {
        warn(
            backend.place(),
            "backend "
                + backend.id()
                + " is a Cloud Run service and is shown no token: unless"
                + " everybody may call it, it answers 403",
            "auth: { type: google-id-token }");
      }
      if (backend.auth() != null && backend.auth().audience().matches("https?://[0-9.]+(:.*)?")) {
        warn(
            backend.place(),
            "the audience of backend "
                + backend.id()
                + "'s token is an address, which no service"
                + " accepts",
            "auth.audience: the service's run.app URL");
      }
    }
  }

  /** A way over the VPC to an address outside of it needs a NAT that nobody thinks of. */
  private void publicAddresses(@Nullable CloudRunService service) {
    boolean allTraffic =
        service != null && service.annotation(CloudRunServiceReader.EGRESS).equals("all-traffic");
    for (Dependency dependency : whole.dependencies()) {
      String host = host(dependency.target());
      boolean outside = Addresses.isLiteral(host) && !PRIVATE.matcher(host).matches();
      boolean byVpc =
          whole
              .network(String.valueOf(dependency.network()))
              .filter(network -> network.kind() == Network.Kind.VPC_CONNECTOR)
              .isPresent();
      if (outside && (allTraffic || byVpc)) {
        warn(
            dependency.place(),
            dependency.id()
                + " has a public address and is reached over the VPC: with egress"
                + " all-traffic that needs Cloud NAT, and without it no packet arrives",
            "its private address, or vpc-access-egress: private-ranges-only");
      }
    }
  }

  private static String host(Target target) {
    if (target instanceof Target.Postgres postgres) {
      return postgres.host();
    }
    if (target instanceof Target.Redis redis) {
      return redis.host();
    }
    return target instanceof Target.Tcp tcp ? tcp.host() : "";
  }

  private void scaling(CloudRunService service, int maxConnections) {
    if (!service.annotation(CloudRunServiceReader.THROTTLING).equals("false")) {
      warn(
          service.place(CloudRunServiceReader.THROTTLING),
          "CPU is throttled between requests (request-based billing): " + throttled(),
          CloudRunServiceReader.THROTTLING + ": \"false\"");
    }
    if (service.number(CloudRunServiceReader.MIN_SCALE, 0) == 0) {
      warn(
          service.place(CloudRunServiceReader.MIN_SCALE),
          "min-instances is 0: an outage may meet no instance that knows what is well, and a new one"
              + " is not ready before it has looked",
          CloudRunServiceReader.MIN_SCALE + ": \"2\"");
    }
    connections(service, maxConnections);
  }

  private String throttled() {
    return whole.health().probing().when() == Health.Probing.When.BACKGROUND
        ? "probes in the background come late or not at all; health.probing says background"
        : "probes come with health requests, and copies are renewed, held writes released and alerts"
            + " sent only while a request is here";
  }

  /** Of all instances at once, as a deploy may double them. */
  private void connections(CloudRunService service, int maxConnections) {
    int instances = service.number(CloudRunServiceReader.MAX_SCALE, 100);
    int pool = service.containers().stream().mapToInt(CloudRunRules::poolSize).sum();
    int each = pool + PROBES;
    if (maxConnections > 0 && (long) instances * each > maxConnections) {
      warn(
          service.place(CloudRunServiceReader.MAX_SCALE),
          "max-instances %d x %d connections (pools %d, probes %d) is more than the database's %d"
              .formatted(instances, each, pool, PROBES, maxConnections),
          "at most %d instances, a smaller pool, or a pooler"
              .formatted(Math.max(1, maxConnections / each)));
    }
  }

  private static int poolSize(Container container) {
    return container.env().entrySet().stream()
        .filter(entry -> POOL_SIZES.contains(entry.getKey()))
        .filter(entry -> entry.getValue().matches("[0-9]{1,5}"))
        .mapToInt(entry -> Integer.parseInt(entry.getValue()))
        .sum();
  }

  private void time(CloudRunService service) {
    Duration platform = Duration.ofSeconds(service.timeoutSeconds());
    for (Backend backend : whole.backends()) {
      if (backend.responseDeadline().compareTo(platform) >= 0) {
        warn(
            backend.place(),
            "the platform gives up after %d s, before backend %s's deadline of %s does"
                .formatted(
                    service.timeoutSeconds(),
                    backend.id(),
                    Quantity.print(backend.responseDeadline())),
            "a gateway's deadlines are the shortest of all");
      }
    }
    if (service.concurrency() < GENEROUS) {
      warn(
          service.place("containerConcurrency"),
          "containerConcurrency "
              + service.concurrency()
              + " is a small part of what a gateway"
              + " takes at once",
          "containerConcurrency: 500");
    }
  }

  private void containers(CloudRunService service) {
    Optional<Container> gateway = service.ingress();
    if (gateway.isEmpty()) {
      warn(
          service.place(),
          "no container has a port: requests reach none",
          "ports: on the gateway's");
      return;
    }
    gateway(service, gateway.get());
    for (Container other : service.containers()) {
      if (!other.equals(gateway.get()) && other.liveness() != null) {
        warn(
            other.liveness().place(),
            "a liveness probe of the backend has it restarted for its database's sake",
            "leave livenessProbe to the gateway's container, on /health/live");
      }
    }
    String order = service.annotation(CloudRunServiceReader.ORDER);
    if (order.contains("\"" + gateway.get().name() + "\":")) {
      warn(
          service.place(CloudRunServiceReader.ORDER),
          "the gateway is started after the backend: where that does not come up, nothing answers",
          "let no container stand before the gateway");
    }
  }

  private void gateway(CloudRunService service, Container gateway) {
    String base = whole.health().base();
    expected(gateway.startup(), "startup", base + "/startup");
    expected(gateway.liveness(), "liveness", base + "/live");
    expected(gateway.readiness(), "readiness", base + "/ready");
    boolean second = service.annotation(CloudRunServiceReader.GENERATION).equals("gen2");
    long least = second ? SECOND_GENERATION : LEAST_MEMORY;
    if (gateway.memory() < least) {
      warn(
          gateway.place(),
          "memory is below "
              + Quantity.print(least)
              + (second ? ", the least of the second generation" : ", the least of a gateway"),
          "resources.limits.memory: 512Mi");
    }
    Store store = whole.store();
    if (store != null && store.shared() == null) {
      gateway.mounts().entrySet().stream()
          .filter(mount -> store.path().startsWith(mount.getKey() + "/"))
          .filter(mount -> "emptyDir".equals(service.volumes().get(mount.getValue())))
          .forEach(
              mount ->
                  warn(
                      gateway.place(),
                      "the store lies on " + mount.getKey() + ", which is memory",
                      "a shared store"));
    }
  }

  private void expected(@Nullable Probe probe, String kind, String path) {
    if (probe != null && probe.path() != null && !probe.path().equals(path)) {
      warn(
          probe.place(),
          "the "
              + kind
              + " probe asks "
              + probe.path()
              + ": the gateway's own answer is at "
              + path,
          "path: " + path);
    }
  }
}
