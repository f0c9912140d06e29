package dev.sluice.gateway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Configuration;
import dev.sluice.config.ConfigurationLoader;
import dev.sluice.config.LoadResult;
import dev.sluice.gateway.deploy.Manifests.Compose;
import dev.sluice.gateway.deploy.Manifests.ComposeService;
import dev.sluice.gateway.deploy.Manifests.ConfigMap;
import dev.sluice.gateway.deploy.Manifests.Container;
import dev.sluice.gateway.deploy.Manifests.Deployment;
import dev.sluice.gateway.deploy.Manifests.Mount;
import dev.sluice.gateway.deploy.Manifests.PodSpec;
import dev.sluice.gateway.deploy.Manifests.Service;
import dev.sluice.gateway.deploy.Manifests.Variable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestsTest {
  private static final Path DEPLOY = Path.of("../deploy");
  private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  @TempDir private Path folder;

  private Configuration accepted(String routes, Map<String, String> environment)
      throws IOException {
    Path file = Files.writeString(folder.resolve("routes.yaml"), routes);
    LoadResult loaded = ConfigurationLoader.load(List.of(file), environment::get);
    assertThat(loaded.errors()).isEmpty();
    return loaded.configuration();
  }

  @Test
  void aPodOfKubernetesFitsItsRouteFile() throws IOException {
    List<Object> documents = Manifests.documents(DEPLOY.resolve("kubernetes/orders.yaml"));
    assertThat(documents).hasSize(3);
    ConfigMap routes = Manifests.as(ConfigMap.class, documents.get(0));
    Deployment deployment = Manifests.as(Deployment.class, documents.get(1));
    Service service = Manifests.as(Service.class, documents.get(2));
    PodSpec pod = deployment.spec().template().spec();
    Container gateway = pod.containers().get(0);
    Container backend = pod.containers().get(1);

    assertThat(gateway.env()).extracting(Variable::name).containsExactly("PROBE_PASSWORD");
    Configuration file =
        accepted(routes.data().get("routes.yaml"), Map.of("PROBE_PASSWORD", "of-the-secret"));
    assertThat(gateway.ports().get(0).containerPort()).isEqualTo(file.listen().port());
    assertThat(service.spec().ports().get(0).targetPort()).isEqualTo(file.listen().port());
    assertThat(service.spec().selector()).isEqualTo(deployment.spec().selector().matchLabels());
    assertThat(deployment.spec().template().metadata().labels())
        .isEqualTo(deployment.spec().selector().matchLabels());
    String base = file.health().base();
    assertThat(gateway.startupProbe().httpGet().path()).isEqualTo(base + "/startup");
    assertThat(gateway.readinessProbe().httpGet().path()).isEqualTo(base + "/ready");
    assertThat(gateway.livenessProbe().httpGet().path()).isEqualTo(base + "/live");
    assertThat(backend.livenessProbe()).as("not restarted for its database's sake").isNull();
    assertThat(backend.env().get(0).value())
        .isEqualTo(Integer.toString(file.backends().get(0).address().port()));
    assertThat(file.backends().get(0).sharesNetwork()).isTrue();
    assertThat(gateway.volumeMounts())
        .extracting(Mount::name)
        .allMatch(name -> pod.volumes().stream().anyMatch(volume -> volume.name().equals(name)));
    assertThat(pod.volumes().get(0).configMap().name()).isEqualTo(routes.metadata().name());
    assertThat(pod.terminationGracePeriodSeconds())
        .isGreaterThan((int) file.listen().drain().toSeconds() + 2);
  }

  @Test
  void aLaptopsStandFitsItsRouteFile() throws IOException {
    Compose compose =
        Manifests.as(
            Compose.class, Manifests.documents(DEPLOY.resolve("compose/compose.yaml")).get(0));
    ComposeService gateway = compose.services().get("sluice");
    assertThat(DEPLOY.resolve("compose").resolve(gateway.build()).resolve("Dockerfile")).exists();
    assertThat(gateway.environment()).containsOnlyKeys("SLUICE_STORE_KEY");
    String text =
        Files.readString(DEPLOY.resolve("compose/routes.yaml"))
            .replace("store: {", "store: { accept-volatile: true,");
    Configuration file = accepted(text, Map.of("SLUICE_STORE_KEY", KEY));
    assertThat(gateway.ports())
        .containsExactly("8080:" + file.listen().port(), "127.0.0.1:9090:" + file.admin().port());
    String host = file.backends().get(0).address().host();
    assertThat(compose.services()).containsKeys(host, "database");
    assertThat(compose.services().get(host).environment())
        .containsEntry("PORT", Integer.toString(file.backends().get(0).address().port()));
    assertThat(compose.volumes()).containsOnlyKeys("database", "held");
    assertThat(gateway.volumes())
        .anyMatch(volume -> file.store().path().startsWith(volume.substring("held:".length())));
  }
}
