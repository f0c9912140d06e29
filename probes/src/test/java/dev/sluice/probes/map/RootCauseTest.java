package dev.sluice.probes.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.probes.mode.BackendStatus;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Verdict;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RootCauseTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final DependencyMap map = new DependencyMap(RouteFile.read());
  private final Map<String, DependencyStatus> dependencies = new LinkedHashMap<>();
  private final Map<String, BackendStatus> backends = new LinkedHashMap<>();

  private static Verdict verdict(String subject, Cause cause, Detail detail, double confidence) {
    return new Verdict(
        subject, cause, detail, confidence, List.of(), "It fails.", "", "owner", NOW, null);
  }

  private void dependency(String id, Detail detail, double confidence) {
    Verdict verdict = verdict(id, detail.cause(), detail, confidence);
    dependencies.put(
        id,
        new DependencyStatus(id, verdict, BreakerState.OPEN, false, true, true, false, null, null));
  }

  private void backend(String id, Detail detail) {
    Verdict verdict = verdict(id, detail.cause(), detail, .9);
    backends.put(
        id, new BackendStatus(id, verdict, BreakerState.CLOSED, null, null, ServiceMode.FULL));
  }

  private List<RootCause> roots() {
    return RootCause.of(
        map,
        new Posture(
            NOW,
            NOW,
            ServiceMode.FULL,
            dependencies,
            backends,
            Verdict.healthy("gateway", NOW),
            false));
  }

  @Test
  void nobodyToBlameIsNoRoot() {
    dependency("orders-db", Detail.HEALTHY, 1);
    dependency("stock-db", Detail.WARM_UP, 0);
    dependency("cache", Detail.GATEWAY_VIEW, .9);
    backend("orders", Detail.HEALTHY);
    assertThat(roots()).isEmpty();
  }

  @Test
  void whatIsLostOverOneNetworkHasOneRootWithAllRoutes() {
    dependency("orders-db", Detail.VPC_PATH, .8);
    dependency("stock-db", Detail.VPC_PATH, .93);
    dependency("mail", Detail.HEALTHY, 1);
    backend("orders", Detail.VPC_PATH);
    backend("stock", Detail.APP_SILENT);
    assertThat(roots())
        .singleElement()
        .satisfies(
            root -> {
              assertThat(root.verdict().subject()).isEqualTo("stock-db");
              assertThat(root.subjects())
                  .containsExactly("stock-db", "orders-db", "orders", "stock");
              assertThat(root.networks()).containsExactly("vpc");
              assertThat(root.routes())
                  .containsExactly("orders-api", "orders-docs", "orders-mail", "stock-api");
            });
  }

  @Test
  void theSameFaultOfTwoInstancesIsTwo() {
    dependency("orders-db", Detail.SERVER_REFUSING, .8);
    dependency("stock-db", Detail.SERVER_REFUSING, .8);
    assertThat(roots())
        .extracting(root -> root.networks() + " " + root.routes())
        .containsExactly("[] [orders-api]", "[] [stock-api]");
  }

  @Test
  void theApplicationsFaultBesideTheInfrastructuresIsNamedToo() {
    dependency("orders-db", Detail.CREDENTIALS, .95);
    backend("orders", Detail.APP_ERROR);
    backend("pages", Detail.APP_DOWN);
    assertThat(roots())
        .extracting(root -> root.verdict().subject() + " " + root.subjects())
        .containsExactly("orders-db [orders-db]", "orders [orders]", "pages [pages]");
  }

  @Test
  void anErrorOfTheApplicationThatItsSchemaExplainsIsNotASecondFault() {
    dependency("orders-db", Detail.SCHEMA, .95);
    backend("orders", Detail.APP_ERROR);
    assertThat(roots())
        .singleElement()
        .satisfies(root -> assertThat(root.subjects()).containsExactly("orders-db", "orders"));
  }

  @Test
  void aBackendWhoseDependencyIsWellFailsByItself() {
    dependency("orders-db", Detail.HEALTHY, 1);
    dependency("stock-db", Detail.SERVER_REFUSING, .8);
    backend("orders", Detail.APP_SILENT);
    assertThat(roots())
        .extracting(root -> root.verdict().subject())
        .containsExactly("stock-db", "orders");
  }

  @Test
  void theInfrastructuresFaultsComeFirstThenTheSurest() {
    dependency("orders-db", Detail.SCHEMA, .95);
    dependency("cache", Detail.CAPACITY, .5);
    dependency("stock-db", Detail.SERVER_REFUSING, .7);
    dependency("mail", Detail.TLS, .9);
    assertThat(roots())
        .extracting(root -> root.verdict().subject())
        .containsExactly("mail", "stock-db", "orders-db", "cache");
  }
}
