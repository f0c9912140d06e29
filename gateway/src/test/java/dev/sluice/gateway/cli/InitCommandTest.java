package dev.sluice.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.config.ConfigurationLoader;
import dev.sluice.config.LoadResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The first five minutes, against a real backend. */
@Timeout(60)
class InitCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();
  private HttpServer backend;
  private String url;
  private Path file;

  @BeforeEach
  void start() throws IOException {
    backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    backend.start();
    url = "http://127.0.0.1:" + backend.getAddress().getPort();
    file = folder.resolve("routes.yaml");
  }

  @AfterEach
  void stop() {
    backend.stop(0);
  }

  private void answers(String path, int status, String body) {
    backend.createContext(
        path,
        exchange -> {
          try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            boolean exact = exchange.getRequestURI().getPath().equals(path);
            exchange.sendResponseHeaders(exact ? status : 404, bytes.length);
            exchange.getResponseBody().write(bytes);
          }
        });
  }

  private int init(String... more) {
    List<String> words = new ArrayList<>(List.of("init", "--output", file.toString()));
    words.addAll(List.of(more));
    CommandLine line = SluiceCommand.line();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(errors, true));
    return SluiceCommand.run(line, words.toArray(String[]::new));
  }

  private LoadResult loaded() {
    Map<String, String> env = Map.of("PROBE_URL", "postgresql://probe:secret@127.0.0.1:1/app");
    return ConfigurationLoader.load(List.of(file), env::get);
  }

  @Test
  void theFileLoadsForwardsEverythingAndNamesTheHealthRouteThatAnswers() throws IOException {
    answers("/actuator/health", 200, "{\"status\":\"UP\"}");
    assertThat(init("--backend", url + "/")).isZero();
    assertThat(errors.toString()).isEmpty();
    assertThat(loaded().problems()).isEmpty();
    assertThat(Files.readString(file))
        .contains("mode: observe", "health: { path: \"/actuator/health\", format: actuator }")
        .contains("# dependencies:");
    assertThat(out.toString())
        .contains("What it sees from here:", "app: NONE, healthy")
        .contains("CREATE ROLE sluice_probe LOGIN CONNECTION LIMIT 2")
        .contains("./sluice run --config")
        .doesNotContain("another machine");
  }

  /** And the gateway that it says to start does what it says. */
  @Test
  void whatItWroteRuns() throws Exception {
    answers("/hello", 200, "from the backend");
    answers("/health", 503, "{\"status\":\"DOWN\"}");
    assertThat(init("--backend", url, "--name", "My Shop")).isZero();
    assertThat(Files.readString(file))
        .contains("path: /health/my-shop")
        .contains("health: { path: \"/health\", format: actuator }");
    var read = loaded().configuration();
    var gateway =
        dev.sluice.gateway.app.Gateway.start(
            read.beside(read.listen().at("127.0.0.1", 0), read.watching(0).admin(), null));
    try (gateway) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + "/hello"))
              .build();
      HttpResponse<String> answer =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("from the backend");
    }
  }

  @Test
  void aDatabaseIsLookedAtOnceAndItsPasswordIsWrittenNowhere() throws IOException {
    answers("/healthz", 200, "ok");
    String database = "postgresql://probe:hush-hush@127.0.0.1:1/app";
    assertThat(init("--backend", url, "--database", database)).isZero();
    assertThat(Files.readString(file)).contains("${PROBE_URL}").doesNotContain("hush-hush");
    assertThat(out.toString())
        .contains("db: ", "server-refusing")
        .contains("export PROBE_URL=")
        .contains("answers a status alone")
        .doesNotContain("hush-hush", "CREATE ROLE");
    assertThat(loaded().problems()).isEmpty();
  }

  @Test
  void aBackendThatIsDownIsNoReasonNotToBegin() throws IOException {
    backend.stop(0);
    assertThat(init("--backend", url)).isZero();
    assertThat(loaded().problems()).isEmpty();
    assertThat(out.toString()).contains("none of the usual health paths answered");
  }

  /** An application of one page answers every path with that. */
  @Test
  void whoeverAnswersEverythingIsNotTakenForHealthy() throws IOException {
    backend.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, -1);
          }
        });
    answers("/healthz", 200, "{\"status\":\"pass\"}");
    assertThat(init("--backend", url)).isZero();
    assertThat(Files.readString(file)).contains("\"/healthz\", format: health-json");
  }

  @Test
  void aServicesFileTellsOfItsBackend() throws IOException {
    Path service =
        Files.writeString(
            folder.resolve("service.yaml"),
            """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: { name: orders }
            spec:
              template:
                metadata:
                  annotations: { run.googleapis.com/vpc-access-connector: orders-vpc }
                spec:
                  containers:
                    - image: registry.example/orders
                      ports: [ { containerPort: 8080 } ]
                      env:
                        - { name: SPRING_DATASOURCE_URL, value: "jdbc:postgresql://10.0.0.3/orders" }
                      startupProbe: { httpGet: { path: /actuator/health } }
            """);
    assertThat(init("--from", service.toString())).as(errors::toString).isZero();
    assertThat(loaded().problems()).isEmpty();
    assertThat(Files.readString(file))
        .contains("by service.yaml", "- id: orders", "http://127.0.0.1:8081", "vpc-connector")
        .contains("depends-on: [db]", "format: actuator");
    assertThat(out.toString()).contains("not on this machine", "sidecar.yaml");
  }

  @Test
  void mistakesAreSaidAndNothingIsOverwritten() throws IOException {
    assertThat(init()).isEqualTo(Exit.USAGE);
    assertThat(errors.toString()).contains("say --backend URL, or --from FILE");
    assertThat(init("--backend", "ftp://127.0.0.1")).isEqualTo(Exit.USAGE);
    assertThat(init("--backend", url + "/api?x=1")).isEqualTo(Exit.USAGE);
    assertThat(init("--from", folder.resolve("nowhere.yaml").toString())).isEqualTo(Exit.USAGE);
    assertThat(file).doesNotExist();
    Files.writeString(file, "mine");
    assertThat(init("--backend", url)).isEqualTo(Exit.USAGE);
    assertThat(Files.readString(file)).isEqualTo("mine");
    assertThat(errors.toString()).contains("is there already").doesNotContain("\tat ");
  }
}
