package dev.sluice.config;

import dev.sluice.config.CloudRunService.Container;
import dev.sluice.config.CloudRunService.Probe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads a Cloud Run service strictly: a key or an annotation that the platform does not know is an
 * error, for it would be without effect.
 */
public final class CloudRunServiceReader {
  static final String MIN_SCALE = "autoscaling.knative.dev/minScale";
  static final String MAX_SCALE = "autoscaling.knative.dev/maxScale";
  static final String THROTTLING = "run.googleapis.com/cpu-throttling";
  static final String EGRESS = "run.googleapis.com/vpc-access-egress";
  static final String CONNECTOR = "run.googleapis.com/vpc-access-connector";
  static final String INTERFACES = "run.googleapis.com/network-interfaces";
  static final String SQL = "run.googleapis.com/cloudsql-instances";
  static final String GENERATION = "run.googleapis.com/execution-environment";
  static final String ORDER = "run.googleapis.com/container-dependencies";

  private static final Set<String> OF_TEMPLATE =
      Set.of(
          MIN_SCALE,
          MAX_SCALE,
          THROTTLING,
          EGRESS,
          CONNECTOR,
          INTERFACES,
          SQL,
          GENERATION,
          ORDER,
          "run.googleapis.com/startup-cpu-boost",
          "run.googleapis.com/sessionAffinity",
          "run.googleapis.com/secrets",
          "run.googleapis.com/encryption-key",
          "run.googleapis.com/client-name",
          "run.googleapis.com/client-version");
  private static final Set<String> OF_SERVICE =
      Set.of(
          "run.googleapis.com/ingress",
          "run.googleapis.com/ingress-status",
          "run.googleapis.com/launch-stage",
          "run.googleapis.com/description",
          "run.googleapis.com/minScale",
          "run.googleapis.com/maxScale",
          "run.googleapis.com/invoker-iam-disabled",
          "run.googleapis.com/custom-audiences",
          "run.googleapis.com/default-url-disabled",
          "run.googleapis.com/client-name",
          "run.googleapis.com/client-version");

  private static final long USUAL_MEMORY = 512L << 20;

  private final Reading reading = Reading.literal();
  private final Map<String, Place> places = new HashMap<>();

  private CloudRunServiceReader() {}

  /**
   * What became of it.
   *
   * @param service null exactly when there is an error
   */
  public record Read(@Nullable CloudRunService service, List<Problem> problems) {}

  /** Reads one file; blocks on that. Never throws for what stands in it. */
  public static Read read(Path path) {
    CloudRunServiceReader reader = new CloudRunServiceReader();
    Problems problems = reader.reading.problems();
    String text = new RouteText(path, problems).read();
    MappingNode root = text == null ? null : new YamlFile(path.toString(), problems).root(text);
    CloudRunService service =
        root == null ? null : reader.service(new Fields(reader.reading, root));
    return new Read(problems.refused() ? null : service, problems.sorted());
  }

  private CloudRunService service(Fields f) {
    mustBe(f, "apiVersion", "serving.knative.dev/v1");
    mustBe(f, "kind", "Service");
    Fields metadata = f.section("metadata");
    Scalar name = metadata.requiredScalar("name");
    metadata.text("namespace", "");
    words(metadata.section("labels"));
    annotations(metadata.section("annotations"), OF_SERVICE);
    metadata.end();
    Fields spec = f.section("spec");
    Fields template = spec.section("template");
    for (Node node : spec.items("traffic")) {
      Fields traffic = Fields.item(reading, node, "traffic", 0);
      traffic.flag("latestRevision", false);
      traffic.text("revisionName", "");
      traffic.text("tag", "");
      traffic.number("percent", 100, 0, 100);
      traffic.end();
    }
    spec.end();
    f.end();
    return revision(name == null ? "" : name.text(), f.place(), template);
  }

  private void mustBe(Fields f, String key, String value) {
    Scalar said = f.requiredScalar(key);
    if (said != null && !said.text().equals(value)) {
      f.problems().error(said.place(), key + " must be " + value + ", not " + said.said());
    }
  }

  private CloudRunService revision(String name, Place place, Fields template) {
    Fields metadata = template.section("metadata");
    metadata.text("name", "");
    words(metadata.section("labels"));
    Map<String, String> annotations = annotations(metadata.section("annotations"), OF_TEMPLATE);
    metadata.end();
    Fields spec = template.section("spec");
    template.end();
    places.put("containerConcurrency", spec.place("containerConcurrency"));
    places.put("timeoutSeconds", spec.place("timeoutSeconds"));
    spec.text("serviceAccountName", "");
    List<Container> containers = new ArrayList<>();
    for (Node node : spec.items("containers")) {
      containers.add(container(Fields.item(reading, node, "containers", containers.size())));
    }
    if (containers.isEmpty()) {
      spec.problems().error(spec.place(), "a service needs containers");
    }
    CloudRunService service =
        new CloudRunService(
            name,
            annotations,
            spec.number("containerConcurrency", 80, 1, 1000),
            spec.number("timeoutSeconds", 300, 1, 3600),
            containers,
            volumes(spec),
            place,
            places);
    spec.end();
    return service;
  }

  /** Values of annotations are text, be they numbers to the eye. */
  private Map<String, String> annotations(Fields f, Set<String> known) {
    Map<String, String> all = words(f);
    for (Scalar key : f.keys()) {
      places.put(key.text(), f.place(key.text()));
      boolean google =
          key.text().matches("(run\\.googleapis\\.com|autoscaling\\.knative\\.dev)/.*");
      if (google && !known.contains(key.text())) {
        String near = Nearest.hint(key.text(), known);
        f.problems()
            .error(
                key.place(),
                "Cloud Run knows no annotation '" + key.text() + "' here",
                near == null ? "known: " + String.join(", ", new TreeSet<>(known)) : near);
      }
    }
    return all;
  }

  private static Map<String, String> words(Fields f) {
    Map<String, String> all = new HashMap<>();
    for (Scalar key : f.keys()) {
      Scalar value = f.textScalar(key.text());
      if (value != null) {
        all.put(key.text(), value.text());
      }
    }
    return all;
  }

  private Container container(Fields f) {
    Map<String, String> env = new HashMap<>();
    Set<String> secrets = new HashSet<>();
    for (Node node : f.items("env")) {
      variable(Fields.item(reading, node, "env", 0), env, secrets);
    }
    List<String> words = new ArrayList<>(texts(f, "command"));
    words.addAll(texts(f, "args"));
    f.requiredScalar("image");
    f.text("workingDir", "");
    Container container =
        new Container(
            f.text("name", ""),
            port(f),
            env,
            secrets,
            words,
            memory(f.section("resources")),
            probe(f, "startupProbe"),
            probe(f, "livenessProbe"),
            probe(f, "readinessProbe"),
            mounts(f),
            f.place());
    f.end();
    return container;
  }

  private static List<String> texts(Fields f, String key) {
    List<Scalar> texts = f.texts(key);
    return texts == null ? List.of() : texts.stream().map(Scalar::text).toList();
  }

  private @Nullable Integer port(Fields f) {
    Integer port = null;
    for (Node node : f.items("ports")) {
      Fields each = Fields.item(reading, node, "ports", 0);
      Scalar protocol = each.textScalar("name");
      if (protocol != null && !protocol.text().matches("http1|h2c")) {
        each.problems().error(protocol.place(), "a port's name is http1 or h2c on Cloud Run");
      }
      if (port != null) {
        each.problems().error(each.place(), "Cloud Run serves one port of a container");
      }
      port = each.number("containerPort", 8080, 1, 65_535);
      each.end();
    }
    return port;
  }

  private static void variable(Fields f, Map<String, String> env, Set<String> secrets) {
    Scalar name = f.requiredScalar("name");
    String key = name == null ? "" : name.text();
    if (name != null && key.matches("PORT|K_SERVICE|K_REVISION|K_CONFIGURATION")) {
      f.problems().error(name.place(), "Cloud Run sets " + key + " itself and refuses it here");
    }
    if (f.has("valueFrom")) {
      Fields from = f.section("valueFrom");
      Fields secret = from.section("secretKeyRef");
      secret.requiredScalar("name");
      secret.requiredScalar("key");
      secret.end();
      from.end();
      secrets.add(key);
    } else {
      Scalar value = f.textScalar("value");
      env.put(key, value == null ? "" : value.text());
    }
    f.end();
  }

  private static long memory(Fields f) {
    Fields limits = f.section("limits");
    limits.scalar("cpu");
    Scalar memory = limits.scalar("memory");
    Long bytes = memory == null ? Long.valueOf(USUAL_MEMORY) : bytes(memory.text());
    if (memory != null && bytes == null) {
      f.problems()
          .error(memory.place(), "memory is a quantity such as 512Mi, not " + memory.said());
    }
    limits.end();
    Fields requests = f.section("requests");
    requests.scalar("cpu");
    requests.scalar("memory");
    requests.end();
    f.end();
    return bytes == null ? USUAL_MEMORY : bytes;
  }

  /** As Kubernetes writes quantities; null for none. */
  static @Nullable Long bytes(String text) {
    if (!text.matches("[1-9][0-9]{0,8}(Ki|Mi|Gi|k|M|G)?")) {
      return null;
    }
    String unit = text.replaceFirst("[0-9]+", "");
    long count = Long.parseLong(text.substring(0, text.length() - unit.length()));
    return switch (unit) {
      case "Ki" -> count << 10;
      case "Mi" -> count << 20;
      case "Gi" -> count << 30;
      case "k" -> count * 1000;
      case "M" -> count * 1_000_000;
      case "G" -> count * 1_000_000_000;
      default -> count;
    };
  }

  private static @Nullable Probe probe(Fields f, String key) {
    if (!f.has(key)) {
      return null;
    }
    Fields probe = f.section(key);
    for (String number :
        List.of("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "failureThreshold")) {
      probe.number(number, 1, 0, 3600);
    }
    probe.number("successThreshold", 1, 1, 1);
    String path = null;
    Integer port = null;
    for (String way : List.of("httpGet", "tcpSocket", "grpc")) {
      if (probe.has(way)) {
        Fields at = probe.section(way);
        port = at.has("port") ? Integer.valueOf(at.number("port", 8080, 1, 65_535)) : null;
        path = way.equals("httpGet") ? at.text("path", "/") : null;
        if (way.equals("grpc")) {
          at.text("service", "");
        }
        at.end();
      }
    }
    probe.end();
    return new Probe(path, port, f.place(key));
  }

  private Map<String, String> mounts(Fields f) {
    Map<String, String> mounts = new HashMap<>();
    for (Node node : f.items("volumeMounts")) {
      Fields each = Fields.item(reading, node, "volumeMounts", 0);
      Scalar name = each.requiredScalar("name");
      Scalar path = each.requiredScalar("mountPath");
      each.flag("readOnly", false);
      each.end();
      if (name != null && path != null) {
        mounts.put(path.text(), name.text());
      }
    }
    return mounts;
  }

  private Map<String, String> volumes(Fields spec) {
    Map<String, String> volumes = new HashMap<>();
    for (Node node : spec.items("volumes")) {
      Fields each = Fields.item(reading, node, "volumes", 0);
      Scalar name = each.requiredScalar("name");
      String kind = "";
      for (String way : List.of("emptyDir", "secret", "csi", "nfs")) {
        if (each.has(way)) {
          kind = way;
          volume(each.section(way), way);
        }
      }
      each.end();
      volumes.put(name == null ? "" : name.text(), kind);
    }
    return volumes;
  }

  private void volume(Fields f, String kind) {
    List<String> keys =
        switch (kind) {
          case "emptyDir" -> List.of("medium", "sizeLimit");
          case "secret" -> List.of("secretName", "defaultMode");
          case "csi" -> List.of("driver", "readOnly");
          default -> List.of("server", "path", "readOnly");
        };
    keys.forEach(f::scalar);
    for (Node node : f.items("items")) {
      Fields item = Fields.item(reading, node, "items", 0);
      item.requiredScalar("key");
      item.requiredScalar("path");
      item.end();
    }
    if (kind.equals("csi")) {
      words(f.section("volumeAttributes"));
    }
    f.end();
  }
}
