package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.identity.Issuer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole gateway with stored answers: over a restart, for operators, ahead of an outage. */
@Timeout(90)
class CopiesInUseTest {
  private static final String ROUTES =
      """
        - id: cached
          match: { path: "/cached/**" }
          backend: orders
          reads: { cache: standard }
        - id: ahead
          match: { path: "/ahead/**" }
          backend: orders
          reads:
            cache: fallback
            principal: public
            prefetch: { host: shop, paths: ["/ahead/list?n=1"], every: 1s }
      """;

  @TempDir private Path folder;

  private GatewayRig rig() throws IOException {
    return rig(ROUTES);
  }

  private GatewayRig rig(String routes) throws IOException {
    return new GatewayRig(
        "enforce",
        folder,
        (request, in, out) -> {
          String path = request.line().split(" ")[1];
          String answer =
              "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nETag: \"7\"\r\n"
                  + "Content-Length: %d\r\n\r\n%s".formatted(path.length(), path);
          out.write(answer.getBytes(StandardCharsets.US_ASCII));
          return true;
        },
        routes);
  }

  /** Copies of one's own, told by a token that is verified each time. */
  @Test
  void aCopyKeyedByAClaimIsServedToAVerifiedTokenAlone() throws Exception {
    try (Issuer issuer = new Issuer()) {
      String routes =
          """
            - id: mine
              match: { path: "/mine/**" }
              backend: orders
              reads: { cache: fallback, principal: jwt(sub) }
          tokens: { issuer: "%s", audience: "%s", keys: "%s" }
          """
              .formatted(
                  issuer.config().issuer(), issuer.config().audience(), issuer.config().keys());
      try (GatewayRig rig = rig(routes)) {
        String ann = "Authorization: Bearer " + issuer.token("ann");
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> mine(rig, ann).status() == 200 && anyStored(rig));
        rig.outage();
        assertThat(mine(rig, ann).header("cache-status")).contains("breaker-open");
        String again = "Authorization: Bearer " + issuer.token("ann");
        assertThat(mine(rig, again).status()).as("another token of the same").isEqualTo(200);
        assertThat(mine(rig, "Authorization: Bearer " + issuer.token("bob")).status())
            .isEqualTo(503);
        assertThat(mine(rig, ann.substring(0, ann.length() - 4) + "AAAA").status()).isEqualTo(503);
        assertThat(mine(rig, "X-None: 1").status()).isEqualTo(503);
        assertThat(rig.admin("GET", "/cache?prefix=/mine", null).text())
            .contains("one principal's")
            .doesNotContain("ann");
      }
    }
  }

  private static WireClient.Answer mine(GatewayRig rig, String header) throws IOException {
    try (WireClient client = rig.client()) {
      return client.get("/mine/cart", header);
    }
  }

  private static boolean anyStored(GatewayRig rig) throws IOException {
    return rig.admin("GET", "/cache?prefix=/mine", null).text().contains("/mine/cart");
  }

  private static WireClient.Answer get(GatewayRig rig, String target) throws IOException {
    try (WireClient client = rig.client()) {
      return client.get(target);
    }
  }

  @Test
  void anInstanceThatStartsHasWhatAnEarlierOneStored() throws IOException {
    try (GatewayRig rig = rig()) {
      get(rig, "/api/orders/1");
      get(rig, "/cached/a");
    }
    try (GatewayRig rig = rig()) {
      rig.outage();
      WireClient.Answer copy = get(rig, "/api/orders/1");
      assertThat(copy.text()).isEqualTo("/api/orders/1");
      assertThat(copy.header("cache-status")).contains("breaker-open");
      assertThat(get(rig, "/cached/a").status()).isEqualTo(200);
      assertThat(get(rig, "/api/orders/2").status()).isEqualTo(503);
      assertThat(rig.asked("/api/orders/1") + rig.asked("/cached/a")).isZero();
    }
  }

  @Test
  void whatIsFetchedAheadIsThereWhenTheDatabaseIsNot() throws IOException {
    try (GatewayRig rig = rig()) {
      await().atMost(Duration.ofSeconds(20)).until(() -> rig.asked("/ahead/list?n=1") >= 2);
      rig.outage();
      assertThat(get(rig, "/ahead/list?n=1").text()).isEqualTo("/ahead/list?n=1");
      WireBackend.Request ahead =
          rig.backend.requests.stream()
              .filter(request -> request.line().contains("/ahead/"))
              .reduce((first, second) -> second)
              .orElseThrow();
      assertThat(ahead.header("host")).isEqualTo("shop");
      assertThat(ahead.header("user-agent")).isEqualTo("sluice-prefetch");
      assertThat(ahead.header("if-none-match")).isEqualTo("\"7\"");
    }
  }

  @Test
  void operatorsSeeHowLongCopiesLast() throws IOException {
    try (GatewayRig rig = rig()) {
      get(rig, "/api/orders/1");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  rig.metric("sluice_copies_runway_seconds{end=\"last\",route=\"orders-read\"}")
                      != null);
      String seconds =
          rig.metric("sluice_copies_runway_seconds{end=\"last\",route=\"orders-read\"}");
      assertThat(Double.parseDouble(seconds)).isBetween(86_000.0, 86_400.0);
      assertThat(rig.admin("GET", "/", null).text())
          .contains("orders-read: in an outage 1 copies last for 23 h");
      assertThat(rig.admin("GET", "/health", null).text())
          .contains("\"cache:runway\"", "\"componentId\":\"orders-read\"");
      assertThat(rig.admin("GET", "/cache", null).text()).contains("\"route\":\"orders-read\"");
      get(rig, "/cached/a");
      get(rig, "/cached/a");
      assertThat(rig.metric("sluice_cache_total{did=\"stored\",route=\"cached\"}"))
          .isEqualTo("1.0");
      assertThat(rig.metric("sluice_cache_total{did=\"hit\",route=\"cached\"}")).isEqualTo("1.0");
      assertThat(rig.metric("sluice_copies_evictions")).isEqualTo("0.0");
    }
  }

  @Test
  void operatorsAreToldWhyACopyWouldBeServed() throws IOException {
    try (GatewayRig rig = rig()) {
      get(rig, "/cached/a?x=1");
      get(rig, "/api/orders/1");
      assertThat(rig.admin("GET", "/cache?prefix=shop/cached", null).text())
          .contains("\"url\":\"shop/cached/a?x=1\"", "\"more\":false")
          .doesNotContain("orders-read");
      assertThat(rig.admin("GET", "/cache?url=shop/cached/a%3Fx%3D1", null).text())
          .contains("\"etag\":\"\\\"7\\\"\"", "\"now\":\"served, fresh for another")
          .contains("\"in-an-outage\":\"served for another 864");
      assertThat(rig.admin("GET", "/cache?url=/api/orders/1", null).text())
          .contains("copies of this route are for outages alone");
      assertThat(rig.admin("GET", "/cache?url=/none", null).status()).isEqualTo(404);
    }
  }

  @Test
  void whatIsPurgedIsGoneForGood() throws IOException {
    String token = "Authorization: Bearer " + GatewayRig.TOKEN;
    try (GatewayRig rig = rig()) {
      for (String target : new String[] {"/cached/a", "/cached/b", "/api/orders/1"}) {
        get(rig, target);
      }
      assertThat(rig.admin("DELETE", "/cache?all=true", null).status()).isEqualTo(401);
      assertThat(rig.admin("DELETE", "/cache", null, token).status()).isEqualTo(400);
      assertThat(rig.admin("DELETE", "/cache?url=shop/cached/a", null, token).text())
          .isEqualTo("{\"purged\":1}");
      get(rig, "/cached/a");
      get(rig, "/cached/b");
      assertThat(rig.asked("/cached/a")).isEqualTo(2);
      assertThat(rig.asked("/cached/b")).isOne();
      assertThat(rig.admin("DELETE", "/cache?prefix=/api/", null, token).text())
          .isEqualTo("{\"purged\":1}");
    }
    try (GatewayRig rig = rig()) {
      rig.outage();
      assertThat(get(rig, "/api/orders/1").status()).isEqualTo(503);
      assertThat(get(rig, "/cached/b").status()).isEqualTo(200);
    }
  }
}
