package dev.sluice.probes.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Configuration;
import dev.sluice.config.ConfigurationLoader;
import dev.sluice.config.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CommandsTest {
  private static final String FILE =
      """
      owners: { credentials: development }
      platform:
        kind: gcp
        project: shop-staging
        region: europe-west1
        connector: shop-connector
        instances: { orders-db: shop-db }
        services: { orders: shop-orders }
      dependencies:
        - { id: orders-db, type: postgresql, url: "postgresql://a:b@10.0.0.1/orders" }
        - { id: other-db, type: postgresql, url: "postgresql://a:b@10.0.0.2/other" }
      backends:
        - { id: orders, url: "http://127.0.0.1:8081", depends-on: [orders-db] }
      """;

  @TempDir Path folder;

  private Configuration configuration(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("routes.yaml"), text);
    return Objects.requireNonNull(
        ConfigurationLoader.load(List.of(file), name -> null).configuration());
  }

  private static Verdict verdict(String subject, Detail detail) {
    return new Verdict(
        subject,
        detail.cause(),
        detail,
        .9,
        List.of(),
        "",
        "",
        "infrastructure",
        Instant.EPOCH,
        null);
  }

  @Test
  void theNamesOfTheFileAreFilledIn() throws IOException {
    Configuration c = configuration(FILE);
    assertThat(Commands.of(verdict("orders-db", Detail.VPC_PATH), c))
        .containsExactly(
            "gcloud compute networks vpc-access connectors describe shop-connector"
                + " --region=europe-west1 --project=shop-staging",
            "gcloud run services describe shop-orders --region=europe-west1"
                + " --project=shop-staging --format='yaml(spec.template.metadata.annotations)'");
    assertThat(Commands.of(verdict("orders-db", Detail.RESTARTING), c))
        .containsExactly(
            "gcloud sql instances describe shop-db --project=shop-staging"
                + " --format='yaml(state,settings.activationPolicy,ipAddresses)'",
            "gcloud sql operations list --limit=5 --instance=shop-db --project=shop-staging");
    assertThat(Commands.of(verdict("orders", Detail.SERVER_REFUSING), c).get(0))
        .contains("describe shop-db");
  }

  @Test
  void whatTheFileDoesNotSayStandsInCapitals() throws IOException {
    Configuration c = configuration(FILE.replace("  connector: shop-connector\n", ""));
    assertThat(Commands.of(verdict("orders-db", Detail.VPC_PATH), c).get(0))
        .contains("describe CONNECTOR --region=europe-west1");
    assertThat(Commands.of(verdict("other-db", Detail.DISK_FULL), c).get(0))
        .contains("describe INSTANCE --project=shop-staging");
    assertThat(Commands.of(verdict("other-db", Detail.SCHEMA), c).get(0))
        .contains("--service=SERVICE");
  }

  @Test
  void withoutAPlatformOrAFaultThereAreNone() throws IOException {
    Configuration none = configuration(FILE.substring(FILE.indexOf("dependencies:")));
    assertThat(Commands.of(verdict("orders-db", Detail.VPC_PATH), none)).isEmpty();
    assertThat(Commands.of(verdict("orders-db", Detail.GATEWAY_VIEW), configuration(FILE)))
        .isEmpty();
  }

  /** A detail that is added must say where to look. */
  @ParameterizedTest
  @EnumSource(Detail.class)
  void everyFaultHasCommands(Detail detail) throws IOException {
    boolean fault = detail.cause() != Cause.NONE;
    List<String> commands = Commands.of(verdict("orders-db", detail), configuration(FILE));
    boolean elsewhere = List.of(Detail.POOLER, Detail.PARTIAL_ADDRESSES).contains(detail);
    assertThat(commands.isEmpty()).isEqualTo(!fault || elsewhere);
    assertThat(commands).allMatch(command -> command.startsWith("gcloud "));
  }

  @Test
  void ownersAreNamedByEveryDetailThatHasOne() {
    assertThat(Operation.DETAILS)
        .containsExactlyElementsOf(
            Arrays.stream(Detail.values())
                .filter(detail -> detail.cause() != Cause.NONE)
                .map(Detail::label)
                .toList());
  }

  @Test
  void aDetailIsHandedToTheOtherTeam() throws IOException {
    Map<String, String> owners = configuration(FILE).operation().owners();
    assertThat(verdict("orders-db", Detail.CREDENTIALS).ownedBy(owners).owner())
        .isEqualTo("development");
    assertThat(verdict("orders-db", Detail.TLS).ownedBy(owners).owner())
        .isEqualTo("infrastructure");
  }
}
