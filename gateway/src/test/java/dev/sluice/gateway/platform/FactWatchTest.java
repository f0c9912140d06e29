package dev.sluice.gateway.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.config.Configuration;
import dev.sluice.config.Operation.Platform;
import dev.sluice.gateway.health.Postures;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Detail;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Google's APIs as their reference has them, on loopback. */
class FactWatchTest {
  private static final String CPU = "CPU of shop-db: %d %% used.";

  private static final Platform SHOP =
      new Platform(
          Platform.Kind.GCP,
          "shop",
          "europe-west1",
          "shop-connector",
          Map.of("orders-db", "shop-db"),
          Map.of(),
          true);

  /** By path: the answer, or a status where it is a number. */
  private final Map<String, String> answers = new ConcurrentHashMap<>();

  private final AtomicInteger tokens = new AtomicInteger();
  private HttpServer server;
  private GcpFacts facts;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.createContext("/", this::answer);
    server.start();
    URI here = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    Clock clock = Clock.systemUTC();
    Endpoints endpoints = new Endpoints(here, here, here, here);
    facts = new GcpFacts(SHOP, endpoints, clock, new Asking(here, clock));
    answers.put(
        "/v1/projects/shop/locations/europe-west1/connectors/shop-connector",
        "{\"state\": \"ERROR\", \"minThroughput\": 200, \"maxThroughput\": 300}");
    answers.put(
        "/v1/projects/shop/instances/shop-db",
        "{\"state\": \"MAINTENANCE\", \"settings\": {\"activationPolicy\": \"ALWAYS\","
            + " \"dataDiskSizeGb\": \"10\"}}");
    answers.put(
        "/v1/projects/shop/operations",
        "{\"items\": [{\"status\": \"RUNNING\", \"operationType\": \"UPDATE\"},"
            + " {\"status\": \"DONE\", \"operationType\": \"BACKUP_VOLUME\"}]}");
    answers.put(
        "/v3/projects/shop/timeSeries",
        "{\"timeSeries\": [{\"points\": [{\"value\": {\"doubleValue\": 0.973}}]}]}");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      boolean token = path.endsWith("/service-accounts/default/token");
      String body =
          token ? "{\"access_token\": \"secret\", \"expires_in\": 3599}" : answers.get(path);
      boolean flavour = "Google".equals(exchange.getRequestHeaders().getFirst("Metadata-Flavor"));
      boolean bearer =
          "Bearer secret".equals(exchange.getRequestHeaders().getFirst("Authorization"));
      tokens.addAndGet(token ? 1 : 0);
      int status = (token ? flavour : bearer) ? 200 : 401;
      if (body == null || body.matches("[0-9]{3}")) {
        status = body == null ? 404 : Integer.parseInt(body);
        body = "{}";
      }
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Test
  void everythingIsToldInSentences() {
    assertThat(facts.of("orders-db"))
        .containsExactly(
            "The connector shop-connector: ERROR, 200 to 300 Mbit/s.",
            "The instance shop-db: MAINTENANCE, activation policy ALWAYS, disk of 10 GB.",
            "Operations of shop-db: UPDATE running.",
            "CPU of shop-db: 97 % used.",
            "The disk of shop-db: 97 % used.");
    assertThat(tokens).hasValue(1);
  }

  @Test
  void aFaultThatLastsIsAskedAboutAgainAndARecoveryEndsIt() throws Exception {
    Configuration configuration =
        Postures.configuration(
            Postures.YAML
                + "platform: { kind: gcp, project: shop, region: europe-west1,"
                + " connector: shop-connector, instances: { orders-db: shop-db }, facts: true }\n");
    Posture down =
        Postures.posture(
            ServiceMode.DB_DEGRADED, Cause.INFRASTRUCTURE, Detail.INSTANCE_UNREACHABLE, true);
    BlockingQueue<List<String>> told = new LinkedBlockingQueue<>();
    URI here = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    Endpoints endpoints = new Endpoints(here, here, here, here);
    try (FactWatch watch =
        new FactWatch(
            endpoints, Clock.systemUTC(), Duration.ofMillis(50), (id, facts) -> told.add(facts))) {
      watch.look(configuration, down);
      watch.look(configuration, down);
      assertThat(told.poll(5, TimeUnit.SECONDS)).contains(CPU.formatted(97));
      answers.put(
          "/v3/projects/shop/timeSeries",
          "{\"timeSeries\": [{\"points\": [{\"value\": {\"doubleValue\": 0.123}}]}]}");
      List<String> later = List.of();
      for (int i = 0; i < 50 && !later.contains(CPU.formatted(12)); i++) {
        later = Objects.requireNonNull(told.poll(5, TimeUnit.SECONDS));
      }
      assertThat(later).contains(CPU.formatted(12));
      watch.look(configuration, Postures.healthy());
      List<String> last = List.of("none");
      for (List<String> next = told.poll(300, TimeUnit.MILLISECONDS);
          next != null;
          next = told.poll(300, TimeUnit.MILLISECONDS)) {
        last = next;
      }
      assertThat(last).as("the last word after the recovery").isEmpty();
    }
  }

  @Test
  void aDependencyWithoutAnInstanceHasTheConnectorAlone() {
    assertThat(facts.of("other-db")).singleElement().asString().startsWith("The connector");
  }

  @Test
  void refusalsAreFactsToo() {
    answers.put("/v1/projects/shop/locations/europe-west1/connectors/shop-connector", "403");
    answers.put("/v1/projects/shop/operations", "429");
    answers.remove("/v1/projects/shop/instances/shop-db");
    assertThat(facts.of("orders-db"))
        .contains(
            "The connector shop-connector: refused with 403, a role is missing.",
            "The instance shop-db: there is none of that name.",
            "Operations of shop-db: its quota is used up (429).");
  }

  @Test
  void whatLooksLikeNoConstantIsNotRepeated() {
    answers.put(
        "/v1/projects/shop/locations/europe-west1/connectors/shop-connector",
        "{\"state\": \"<script>\", \"minThroughput\": \"x\"}");
    assertThat(facts.of("other-db"))
        .containsExactly("The connector shop-connector: unknown, ? to ? Mbit/s.");
  }

  @Test
  void aPlatformThatIsAwayIsToldAndNeverThrows() {
    server.stop(0);
    List<String> told = facts.of("orders-db");
    assertThat(told).hasSize(5).allMatch(fact -> fact.contains(": no answer (ConnectException)."));
  }
}
