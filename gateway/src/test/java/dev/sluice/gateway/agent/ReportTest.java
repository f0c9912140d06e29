package dev.sluice.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.probes.monitor.AgentReport;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Sessions;
import dev.sluice.probes.verdict.Signal;
import dev.sluice.probes.verdict.Vantage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportTest {
  private static final Instant SENT = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant CAME = Instant.parse("2026-01-01T00:00:07Z");

  private static AgentReport report(Vantage vantage, Instant at) {
    Sample failed =
        new Sample(
            "orders-db",
            Rung.TCP,
            vantage,
            false,
            5_003,
            "java.net.ConnectException",
            List.of("outer", "inner"),
            "08003",
            true,
            "refused",
            Signal.REFUSED,
            Instant.parse("2026-03-01T00:00:00Z"));
    Sample good = Sample.good("cache", Rung.DNS, vantage, 3);
    Sessions sessions = new Sessions(100, 40, 2, 1, "orders app");
    return new AgentReport(
        "beside-orders",
        List.of(
            new Climb("orders-db", at, vantage, List.of(failed)),
            new Climb("cache", at, vantage, List.of(good), sessions)));
  }

  private static AgentReport read(String json) {
    return ReportReader.read(json.getBytes(StandardCharsets.UTF_8), CAME);
  }

  @Test
  void whatIsWrittenIsReadWithTheReadersVantageAndTime() {
    byte[] json = ReportWriter.bytes(report(Vantage.GATEWAY, SENT));
    assertThat(ReportReader.read(json, CAME)).isEqualTo(report(Vantage.AGENT, CAME));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x | it is no JSON",
        "[] | climbs must be a list",
        "{'climbs': []} | agent must be a name",
        "{'agent': 'a b', 'climbs': []} | agent must be a name",
        "{'agent': 'a', 'climbs': [{}]} | climbs[0].target must be a name",
        "{'agent': 'a', 'climbs': [{'target': 'db'}]} | climbs[0].samples must be a list",
        "{'agent': 'a', 'climbs': [{'target': 'db', 'samples': []}]} | climbs[0].samples has none",
        "{'agent': 'a', 'climbs': [{'target': 'db', 'samples': [{'ok': 1}]}]} | samples[0].ok must be",
        "{'agent': 'a', 'climbs': [{'target': 'db', 'samples': [{'ok': true, 'rung': 'up'}]}]}"
            + " | samples[0].rung is no rung",
        "{'agent': 'a', 'climbs': [{'target': 'db', 'samples': [{'ok': true, 'rung': 'tcp',"
            + " 'millis': -1}]}]} | samples[0].millis must be a whole number",
        "{'agent': 'a', 'climbs': [{'target': 'db', 'samples': [{'ok': true, 'rung': 'tcp',"
            + " 'millis': 1e99}]}]} | samples[0].millis must be a whole number"
      })
  void whatIsWrongIsToldWithItsPlace(String json, String told) {
    assertThatThrownBy(() -> read(json.replace('\'', '"')))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(told);
  }

  @Test
  void textsAreBoundedAndWithoutControlCharacters() {
    String text = "line\\nbreak" + "x".repeat(5_000);
    AgentReport read =
        read(
            ("{'agent': 'a', 'climbs': [{'target': 'db', 'samples': [{'ok': false, 'rung': 'tcp',"
                    + " 'millis': 1, 'message': 'TEXT', 'sqlstate': 'drop table'}]}]}")
                .replace('\'', '"')
                .replace("TEXT", text));
    Sample sample = read.climbs().get(0).samples().get(0);
    assertThat(sample.message()).hasSize(300).startsWith("line breakxxx");
    assertThat(sample.sqlState()).isNull();
  }

  @Test
  void deepAndLongReportsAreRefused() {
    assertThatThrownBy(() -> read("[".repeat(2_000) + "]".repeat(2_000)))
        .isInstanceOf(IllegalArgumentException.class);
    String one =
        "{\"target\": \"db\", \"samples\": [{\"ok\": true, \"rung\": \"tcp\", \"millis\": 1}]}";
    String many = "{\"agent\": \"a\", \"climbs\": [" + (one + ",").repeat(64) + one + "]}";
    assertThatThrownBy(() -> read(many)).hasMessageContaining("climbs has more than 64");
  }

  /** Whatever comes is read or refused, and nothing else. */
  @Test
  void mutilatedReportsAreReadOrRefused() {
    byte[] whole = ReportWriter.bytes(report(Vantage.GATEWAY, SENT));
    Random random = new Random(5);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] json = whole.clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        json[random.nextInt(json.length)] = (byte) random.nextInt(256);
      }
      try {
        ReportReader.read(json, CAME);
      } catch (IllegalArgumentException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(5_000, 20_000);
  }
}
