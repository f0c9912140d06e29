package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CloudRunServiceReaderTest {
  private static final Path DEPLOY = Path.of("../deploy/cloud-run");

  @TempDir private Path folder;

  static List<Path> shipped() throws IOException {
    try (Stream<Path> files = Files.list(DEPLOY)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void whatIsShippedIsReadWithoutAProblem(Path file) {
    CloudRunServiceReader.Read read = CloudRunServiceReader.read(file);
    assertThat(read.problems()).isEmpty();
    assertThat(read.service().concurrency()).isEqualTo(500);
    assertThat(read.service().ingress()).isPresent();
  }

  @Test
  void theGatewaysContainerAndItsVariablesAreFound() {
    CloudRunService service = CloudRunServiceReader.read(DEPLOY.resolve("sidecar.yaml")).service();
    assertThat(service.name()).isEqualTo("orders");
    assertThat(service.containers()).hasSize(2);
    CloudRunService.Container gateway = service.ingress().orElseThrow();
    assertThat(gateway.name()).isEqualTo("sluice");
    assertThat(gateway.memory()).isEqualTo(512L << 20);
    assertThat(gateway.mounts()).containsEntry("/etc/sluice", "routes");
    assertThat(service.environment().apply("PORT")).isEqualTo("8080");
    assertThat(service.environment().apply("K_SERVICE")).isEqualTo("orders");
    assertThat(service.environment().apply("DB_HOST")).isEqualTo("10.20.0.3");
    assertThat(service.environment().apply("PROBE_PASSWORD")).hasSize(44);
    assertThat(service.environment().apply("SERVER_PORT")).as("another container's").isNull();
    assertThat(service.number(CloudRunServiceReader.MAX_SCALE, 100)).isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "apiVersion: serving.knative.dev/v1|apiVersion: v1|1:13: apiVersion must be serving.knative.dev/v1",
        "cpu-throttling|cpu-throtling|10:9: Cloud Run knows no annotation 'run.googleapis.com/cpu-throtling' here (did you mean 'run.googleapis.com/cpu-throttling'?)",
        "minScale: \"2\"|minScale: 2|9:43: autoscaling.knative.dev/minScale must be text",
        "containerConcurrency|containerConcurency|12:7: unknown key 'containerConcurency' (did you mean 'containerConcurrency'?)",
        "name: DB_HOST|name: PORT|17:23: Cloud Run sets PORT itself and refuses it here",
        "memory: 512Mi|memory: 512MiB|19:45: memory is a quantity such as 512Mi, not '512MiB'",
        "name: http1|name: tcp|15:28: a port's name is http1 or h2c on Cloud Run",
        "image: sluice|picture: sluice|14:11: 'image' is missing"
      })
  void whatThePlatformWouldRefuseOrOverlookIsAnError(String good, String bad, String problem)
      throws IOException {
    String text =
        """
        apiVersion: serving.knative.dev/v1
        kind: Service
        metadata:
          name: orders
        spec:
          template:
            metadata:
              annotations:
                autoscaling.knative.dev/minScale: "2"
                run.googleapis.com/cpu-throttling: "false"
            spec:
              containerConcurrency: 500
              containers:
                - image: sluice
                  ports: [ { name: http1, containerPort: 8080 } ]
                  env:
                    - { name: DB_HOST, value: "$(not) ${replaced}" }
                  resources:
                    limits: { cpu: "1000m", memory: 512Mi }
        """;
    Path file = Files.writeString(folder.resolve("service.yaml"), text);
    assertThat(CloudRunServiceReader.read(file).problems()).isEmpty();
    assertThat(CloudRunServiceReader.read(file).service().environment().apply("DB_HOST"))
        .isEqualTo("$(not) ${replaced}");
    assertThat(text).contains(good);
    Files.writeString(file, text.replace(good, bad));
    CloudRunServiceReader.Read read = CloudRunServiceReader.read(file);
    assertThat(read.service()).isNull();
    assertThat(read.problems())
        .extracting(each -> each.toString().substring(file.toString().length() + 1))
        .anyMatch(each -> each.startsWith(problem));
  }

  @Test
  void aFileThatIsNotThereIsSaid() {
    CloudRunServiceReader.Read read = CloudRunServiceReader.read(folder.resolve("none.yaml"));
    assertThat(read.service()).isNull();
    assertThat(read.problems())
        .extracting(Problem::message)
        .containsExactly("there is no such file");
  }

  @ParameterizedTest
  @CsvSource({"512Mi,536870912", "1Gi,1073741824", "2G,2000000000", "1048576,1048576"})
  void quantitiesAreThoseOfKubernetes(String text, long bytes) {
    assertThat(CloudRunServiceReader.bytes(text)).isEqualTo(bytes);
    assertThat(CloudRunServiceReader.bytes("1.5Gi")).isNull();
  }
}
