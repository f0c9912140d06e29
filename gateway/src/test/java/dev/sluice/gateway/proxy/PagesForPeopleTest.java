package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.probes.mode.BreakerState;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What users of a service get to see of an outage: a page of the gateway's, or a banner. */
final class PagesForPeopleTest {
  private static final String BROWSER =
      "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

  @Test
  void whoAsksForAPageGetsTheProblemAsOne() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("ok"))) {
      rig.database(BreakerState.OPEN);
      WireClient.Answer page = rig.get("/api/orders/1", BROWSER);
      assertThat(page.status()).isEqualTo(503);
      assertThat(page.header("content-type")).startsWith("text/html");
      assertThat(page.header("content-security-policy")).startsWith("default-src 'none'");
      assertThat(page.header("retry-after")).isNotNull();
      assertThat(page.header("sluice-mode")).isEqualTo("db-degraded");
      assertThat(page.text())
          .startsWith("<!doctype html>")
          .contains("<h1>Service Unavailable</h1>", "It may work again in", "Status 503")
          .doesNotContain("http://", "https://", "<script");
    }
  }

  @Test
  void everybodyElseGetsItAsJson() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("ok"))) {
      rig.database(BreakerState.OPEN);
      for (String accept : new String[] {"Accept: */*", "Accept: application/json, text/html"}) {
        assertThat(rig.get("/api/orders/1", accept).header("content-type"))
            .isEqualTo("application/problem+json");
      }
    }
  }

  @Test
  void usersHaveAPageWhereTheFilesOpenIt() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("ok"))) {
      assertThat(rig.get("/.sluice/status").status()).isEqualTo(404);
    }
    try (Rig rig = Rig.withPage(WireBackend.text("ok"))) {
      WireClient.Answer well = rig.get("/.sluice/status");
      assertThat(well.status()).isEqualTo(200);
      assertThat(well.header("content-type")).isEqualTo("text/html; charset=utf-8");
      assertThat(well.header("content-security-policy")).startsWith("default-src 'none'");
      assertThat(well.text()).contains("<h1>Everything works.</h1>", "<time>");
      rig.database(BreakerState.OPEN);
      assertThat(rig.get("/.sluice/status").text())
          .contains("may be out of date")
          .doesNotContain("orders-db");
    }
  }

  @Test
  void aBannerIsToldTheModeAndASentence() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("ok"))) {
      WireClient.Answer well = rig.get("/.sluice/notice");
      assertThat(well.status()).isEqualTo(200);
      assertThat(well.header("access-control-allow-origin")).isEqualTo("*");
      assertThat(well.header("cache-control")).isEqualTo("no-store");
      assertThat(well.text()).contains("\"mode\":\"full\"", "\"notice\":\"Everything works.\"");
      rig.database(BreakerState.OPEN);
      WireClient.Answer outage = rig.get("/.sluice/notice");
      assertThat(outage.text())
          .contains("\"mode\":\"db-degraded\"", "\"since\":\"", "may be out of date")
          .doesNotContain("orders-db");
    }
  }
}
