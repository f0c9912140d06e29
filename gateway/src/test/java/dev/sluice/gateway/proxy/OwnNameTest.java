package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.proxy.UpstreamClient.Result;
import dev.sluice.gateway.route.Rewriting;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Backends that are shown who the gateway is. */
final class OwnNameTest {
  @Test
  void liveRequestsCarryTheGatewaysTokenBesideTheCallersOwn() throws IOException {
    try (Rig rig = Rig.showing(WireBackend.text("ok"), Optional.of("gateway-token"))) {
      rig.get(
          "/api/a", "Authorization: Bearer callers", "X-Serverless-Authorization: Bearer forged");
      WireBackend.Request seen = rig.backend.requests.get(0);
      assertThat(seen.header("x-serverless-authorization")).isEqualTo("Bearer gateway-token");
      assertThat(seen.header("authorization")).isEqualTo("Bearer callers");
    }
  }

  @Test
  void withoutATokenNothingIsShownAndNothingOfTheCallersPasses() throws IOException {
    try (Rig rig = Rig.showing(WireBackend.text("ok"), Optional.empty())) {
      rig.get("/api/a", "X-Serverless-Authorization: Bearer forged");
      assertThat(rig.backend.requests.get(0).header("x-serverless-authorization")).isNull();
    }
  }

  @Test
  void whatTheGatewaySendsByItselfCarriesItToo() throws Exception {
    try (Rig rig = Rig.showing(WireBackend.text("ok"), Optional.of("gateway-token"))) {
      Result result =
          rig.front
              .upstreams()
              .exchange(
                  rig.configuration.backends().get(0),
                  Rewriting.NONE,
                  "PUT",
                  "/a",
                  "shop",
                  List.of(),
                  new byte[1],
                  Duration.ofSeconds(5))
              .get(10, TimeUnit.SECONDS);
      assertThat(result).isInstanceOf(Result.Answered.class);
      assertThat(rig.backend.requests.get(0).header("x-serverless-authorization"))
          .isEqualTo("Bearer gateway-token");
    }
  }
}
