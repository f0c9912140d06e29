package dev.sluice.gateway.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The parts of Kubernetes and Compose that are used here; any other key is an error. */
final class Manifests {
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private Manifests() {}

  record Metadata(String name, Map<String, String> labels) {}

  record ConfigMap(String apiVersion, String kind, Metadata metadata, Map<String, String> data) {}

  record Deployment(String apiVersion, String kind, Metadata metadata, DeploymentSpec spec) {}

  record DeploymentSpec(int replicas, Selector selector, Template template) {}

  record Selector(Map<String, String> matchLabels) {}

  record Template(Metadata metadata, PodSpec spec) {}

  record PodSpec(
      int terminationGracePeriodSeconds, List<Container> containers, List<Volume> volumes) {}

  record Container(
      String name,
      String image,
      List<Port> ports,
      List<Variable> env,
      Probe startupProbe,
      Probe readinessProbe,
      Probe livenessProbe,
      Resources resources,
      SecurityContext securityContext,
      List<Mount> volumeMounts) {}

  record Port(String name, int containerPort) {}

  record Variable(String name, String value, Source valueFrom) {}

  record Source(KeyRef secretKeyRef) {}

  record KeyRef(String name, String key) {}

  record Probe(HttpGet httpGet, Integer periodSeconds, Integer failureThreshold) {}

  record HttpGet(String path, int port) {}

  record Resources(Map<String, String> requests, Map<String, String> limits) {}

  record SecurityContext(
      boolean runAsNonRoot,
      int runAsUser,
      boolean readOnlyRootFilesystem,
      boolean allowPrivilegeEscalation) {}

  record Mount(String name, String mountPath, Boolean readOnly) {}

  record Volume(String name, NameRef configMap, Map<String, String> emptyDir) {}

  record NameRef(String name) {}

  record Service(String apiVersion, String kind, Metadata metadata, ServiceSpec spec) {}

  record ServiceSpec(Map<String, String> selector, List<ServicePort> ports) {}

  record ServicePort(String name, int port, int targetPort) {}

  record Compose(Map<String, ComposeService> services, Map<String, Map<String, String>> volumes) {}

  record ComposeService(
      String image,
      String build,
      Map<String, String> environment,
      List<String> ports,
      List<String> volumes) {}

  /** All documents of a file. */
  static List<Object> documents(Path file) throws IOException {
    List<Object> all = new ArrayList<>();
    new Load(LoadSettings.builder().build())
        .loadAllFromString(Files.readString(file))
        .forEach(all::add);
    return all;
  }

  static <T> T as(Class<T> type, Object document) {
    return STRICT.convertValue(document, type);
  }
}
