package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each warning beside the shipped files, which deserve none. */
class CloudRunRulesTest {
  private static final Path DEPLOY = Path.of("../deploy");

  @TempDir private Path folder;

  private List<String> problems(String routes, String service, int maxConnections)
      throws IOException {
    Path routeFile = Files.writeString(folder.resolve("routes.yaml"), routes);
    Path serviceFile = Files.writeString(folder.resolve("service.yaml"), service);
    CloudRunServiceReader.Read read = CloudRunServiceReader.read(serviceFile);
    assertThat(read.problems()).isEmpty();
    LoadResult loaded = ConfigurationLoader.load(List.of(routeFile), read.service().environment());
    assertThat(loaded.errors()).isEmpty();
    return CloudRunRules.of(
            loaded, loaded.configuration(), "routes.yaml", read.service(), maxConnections)
        .stream()
        .map(Problem::toString)
        .toList();
  }

  private static String text(String name) throws IOException {
    return Files.readString(DEPLOY.resolve(name));
  }

  @ParameterizedTest
  @CsvSource({
    "routes.yaml,cloud-run/sidecar.yaml",
    "routes.yaml,cloud-run/wrapped.yaml",
    "front-routes.yaml,cloud-run/front.yaml"
  })
  void whatIsShippedDeservesNone(String routes, String service) throws IOException {
    assertThat(problems(text(routes), text(service), 100)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "port: \"${PORT:8080}\"|port: 9000|listen.port is fixed",
        "listen: {|listen: { host: 127.0.0.1,|listen.host must be 0.0.0.0",
        "listen: {|listen: { drain: 20s,|listen.drain is longer than 8s",
        "listen: {|listen: { idle: 60s,|listen.idle is not above 600s",
        "path: /health/orders|path: /healthz|requests to /healthz may never reach a container",
        "path: /health/orders|path: /_ah/health|requests to /_ah/health may never reach a container",
        "http://127.0.0.1:8081|https://orders-1.a.run.app|is a Cloud Run service and is shown no token",
        "url: \"http://127.0.0.1:8081\"|url: \"https://1.2.3.4\", auth: { type: google-id-token }|token is an address",
        "DB_HOST:10.20.0.3|ELSEWHERE:34.78.1.2|orders-db has a public address and is reached over the VPC"
      })
  void whatTheRouteFilesDo(String good, String bad, String warning) throws IOException {
    String routes = text("routes.yaml");
    assertThat(routes).contains(good);
    String changed = routes.replace(good, bad);
    if (bad.contains("auth:")) {
      changed = changed.replace(bad, bad.replace(", auth:", "\n    auth:"));
    }
    assertThat(problems(changed, text("cloud-run/sidecar.yaml"), 0))
        .anyMatch(each -> each.contains("warning: ") && each.contains(warning));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cpu-throttling: \"false\"|cpu-throttling: \"true\"|CPU is throttled between requests",
        "minScale: \"2\"|minScale: \"0\"|min-instances is 0",
        "maxScale: \"8\"|maxScale: \"9\"|max-instances 9 x 12 connections (pools 10, probes 2) is more than the database's 100",
        "timeoutSeconds: 300|timeoutSeconds: 10|the platform gives up after 10 s",
        "containerConcurrency: 500|containerConcurrency: 80|containerConcurrency 80 is a small part",
        "# No livenessProbe|livenessProbe: { httpGet: { path: /actuator/health } }  #|a liveness probe of the backend",
        "# No run.googleapis.com/container-dependencies|run.googleapis.com/container-dependencies: '{\"sluice\":[\"orders\"]}'  #|is started after the backend",
        "path: /health/startup|path: /actuator/health|the startup probe asks /actuator/health: the gateway's own answer is at /health/startup",
        "path: /health/live|path: /health/ready|the liveness probe asks /health/ready",
        "memory: 512Mi|memory: 256Mi|memory is below 512MiB, the least of the second generation"
      })
  void whatTheServiceDoes(String good, String bad, String warning) throws IOException {
    String service = text("cloud-run/sidecar.yaml");
    assertThat(service).contains(good);
    assertThat(problems(text("routes.yaml"), service.replace(good, bad), 100))
        .anyMatch(each -> each.contains("warning: ") && each.contains(warning));
  }

  @Test
  void probesInTheBackgroundNeedTheirCpu() throws IOException {
    String service =
        text("cloud-run/sidecar.yaml").replace("throttling: \"false\"", "throttling: \"true\"");
    String routes = text("routes.yaml");
    assertThat(problems(routes, service, 0))
        .anyMatch(each -> each.contains("probes come with health requests"));
    assertThat(problems(routes + "health: { probing: { mode: background } }\n", service, 0))
        .anyMatch(each -> each.contains("probes in the background come late"));
  }

  @Test
  void allTrafficOverTheVpcReachesNoPublicAddress() throws IOException {
    String routes = text("routes.yaml").replace("    network: vpc\n    full", "    full");
    String service =
        text("cloud-run/sidecar.yaml")
            .replace("private-ranges-only", "all-traffic")
            .replace("10.20.0.3", "34.78.1.2");
    assertThat(problems(routes, service, 0))
        .anyMatch(each -> each.contains("with egress all-traffic that needs Cloud NAT"));
  }

  @Test
  void aFileHoldsNoWriteThere() throws IOException {
    Path routes = folder.resolve("with-queue.yaml");
    Files.writeString(
        routes,
        text("routes.yaml")
            + """
                - id: orders-write
                  match: { path: "/api/orders/*", methods: [PUT] }
                  backend: orders
                  writes: { accept: always, replay-as: gateway, principal: public }
              store:
                url: "sqlite:/data/sluice.db"
                key: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
                accept-volatile: true
              """);
    LoadResult loaded = ConfigurationLoader.load(List.of(routes), Map.<String, String>of()::get);
    assertThat(loaded.errors()).isEmpty();
    assertThat(CloudRunRules.of(loaded, loaded.configuration(), "r.yaml", null, 0))
        .extracting(Problem::message)
        .anyMatch(each -> each.startsWith("held writes are in a file"));
  }
}
