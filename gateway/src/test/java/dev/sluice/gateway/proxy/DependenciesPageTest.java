package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dependency map on the admin port, before and in an outage. */
class DependenciesPageTest {
  @TempDir Path folder;

  private static WireBackend.Script backend() {
    return (request, in, out) -> {
      out.write(WireBackend.answer("200 OK", "{}").getBytes(StandardCharsets.US_ASCII));
      return true;
    };
  }

  @Test
  void itNamesAFaultOnceWithAllThatItConcerns() throws IOException {
    try (GatewayRig rig = new GatewayRig("enforce", folder, backend())) {
      WireClient.Answer well = rig.admin("GET", "/dependencies", null);
      assertThat(well.header("content-type")).isEqualTo("application/json");
      assertThat(well.text())
          .contains("{\"kind\":\"route\",\"id\":\"plain\",\"stands\":\"well\"}")
          .contains("{\"from\":\"backend/orders\",\"to\":\"dependency/orders-db\"}")
          .containsPattern(
              "\"dependency\":\"orders-db\",\"tier\":\"connect\",\"p50-ms\":[0-9]+,"
                  + "\"p99-ms\":[0-9]+,\"hour-p99-ms\":-?[0-9]+,\"success\":1.0,\"degrading\":false")
          .endsWith("\"faults\":[]}");

      rig.outage();
      await()
          .untilAsserted(
              () ->
                  assertThat(rig.admin("GET", "/dependencies", null).text())
                      .contains("{\"kind\":\"route\",\"id\":\"plain\",\"stands\":\"affected\"}")
                      .contains("\"id\":\"orders-db\",\"stands\":\"faulty\"")
                      .contains("\"detail\":\"server-refusing\"")
                      .contains(
                          "\"routes\":[\"orders-health\",\"plain\",\"orders-read\",\"orders-write\"]"));
      WireClient.Answer chart = rig.admin("GET", "/dependencies?format=mermaid", null);
      assertThat(chart.header("content-type")).startsWith("text/plain");
      assertThat(chart.text())
          .startsWith("flowchart LR")
          .contains("✗ dependency<br>orders-db")
          .contains("! route<br>plain");
      assertThat(rig.admin("GET", "/", null).text())
          .contains("<h2>Faults</h2>", "last 5 min: connect p50 ")
          .contains("explains orders-db")
          .contains("routes concerned: orders-health, plain, orders-read, orders-write");
    }
  }

  @Test
  void anotherFormatIsRefusedAndSoIsAChange() throws IOException {
    try (GatewayRig rig = new GatewayRig("enforce", folder, backend())) {
      assertThat(rig.admin("GET", "/dependencies?format=dot", null).text())
          .contains("format is json or mermaid");
      WireClient.Answer change =
          rig.admin("POST", "/dependencies", "", "Authorization: Bearer " + GatewayRig.TOKEN);
      assertThat(change.status()).isEqualTo(405);
      assertThat(change.header("allow")).isEqualTo("GET, HEAD");
    }
  }
}
