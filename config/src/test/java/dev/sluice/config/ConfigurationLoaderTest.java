package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationLoaderTest {
  private static final Path GOOD = Path.of("src/test/resources/good");
  private static final UnaryOperator<String> ENVIRONMENT =
      Map.of(
              "PROBE_URL", "postgresql://probe:s3cr%40t@10.0.0.3/orders?sslmode=require",
              "SLUICE_STORE_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
          ::get;

  @TempDir Path folder;

  private static Configuration good(LoadResult result) {
    assertThat(result.problems()).isEmpty();
    Configuration configuration = result.configuration();
    assertThat(configuration).isNotNull();
    return configuration;
  }

  private LoadResult load(String text) throws IOException {
    Path file = folder.resolve("sluice.yaml");
    Files.writeString(file, text);
    return ConfigurationLoader.load(List.of(file), ENVIRONMENT);
  }

  @Test
  void readsTheExampleOfTheDesign() {
    Configuration read =
        good(ConfigurationLoader.load(List.of(GOOD.resolve("design.yaml")), ENVIRONMENT));

    assertThat(read.listen().port()).isEqualTo(8080);
    assertThat(read.breaker())
        .isEqualTo(
            new Breaker(
                5,
                Duration.ofSeconds(30),
                3,
                3,
                Duration.ofSeconds(8),
                new Breaker.Learning(
                    Breaker.LearningMode.ON, 3, 10, Duration.ofSeconds(5), Duration.ofMinutes(2))));
    assertThat(read.dependencies().get(0).target())
        .isEqualTo(
            new Target.Postgres(
                "10.0.0.3", 5432, "orders", "probe", new Secret("s3cr@t"), Target.SslMode.REQUIRE));
    assertThat(read.routes()).extracting(Route::id).contains("orders-health", "orders-write");
    assertThat(read.toString()).doesNotContain("s3cr");
  }

  @Test
  void fillsInEveryDefault() throws IOException {
    Configuration read = good(load("backends: [ { id: a, url: 'http://[::1]:81' } ]"));

    assertThat(read.listen())
        .isEqualTo(
            new Listen(
                "0.0.0.0",
                8080,
                Listen.Transport.AUTO,
                0,
                Duration.ofSeconds(620),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                240,
                Duration.ofSeconds(30),
                Duration.ofSeconds(8),
                Duration.ofSeconds(1),
                8192,
                32768,
                33_554_432,
                10_000,
                64 << 20,
                null,
                List.of(),
                false,
                true,
                null));
    assertThat(read.admin()).isEqualTo(new Admin("127.0.0.1", 9090, null, null, false));
    assertThat(read.breaker().failures()).isEqualTo(10);
    assertThat(read.cacheBytes()).isEqualTo(64 << 20);
    Backend backend = read.backends().get(0);
    assertThat(backend.addresses()).containsExactly(new Backend.Address("::1", 81));
    assertThat(backend.tls()).isNull();
    assertThat(backend.pool())
        .isEqualTo(new Backend.Pool(1024, Duration.ofSeconds(4), Duration.ofMinutes(10)));
    assertThat(backend.concurrency())
        .isEqualTo(new Backend.Concurrency(true, 20, 2000, 1000, Duration.ofSeconds(1)));
  }

  private static final String ON_GCP =
      """
      platform: { kind: gcp, project: shop, region: europe-west1 }
      networks: [ { id: vpc, kind: vpc-connector } ]
      """;

  @Test
  void onGoogleCloudControlsStandInWhereTheFileNamesNone() throws IOException {
    Configuration read = good(load(ON_GCP));
    assertThat(read.controls())
        .extracting(c -> c.id() + " " + c.target().display() + " " + c.network())
        .containsExactly(
            "google-apis https://storage.googleapis.com internet",
            "private-google-access tcp://199.36.153.8:443 vpc");
    assertThat(read.networks()).extracting(Network::id).containsExactly("vpc", "internet");
  }

  @Test
  void ownControlsOrNoPrivateNetworkLeaveThemOut() throws IOException {
    Configuration own =
        good(
            load(
                ON_GCP
                    + "controls: [ { id: redis, type: tcp, url: 'tcp://10.0.0.5:1', network: vpc } ]"));
    assertThat(own.controls()).extracting(Control::id).containsExactly("redis");
    assertThat(good(load(ON_GCP.replace("vpc-connector", "other"))).controls()).isEmpty();
    assertThat(good(load(ON_GCP.lines().skip(1).findFirst().orElseThrow())).controls()).isEmpty();
  }
}
