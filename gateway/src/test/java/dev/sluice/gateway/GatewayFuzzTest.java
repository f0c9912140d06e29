package dev.sluice.gateway;

import dev.sluice.fuzz.Fuzzing;
import dev.sluice.gateway.identity.TokensFuzz;
import dev.sluice.gateway.proxy.http1.RequestsFuzz;
import dev.sluice.gateway.proxy.http2.HeadsFuzz;
import dev.sluice.gateway.route.RouteFilesFuzz;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayFuzzTest {
  @ParameterizedTest
  @ValueSource(
      classes = {RequestsFuzz.class, HeadsFuzz.class, TokensFuzz.class, RouteFilesFuzz.class})
  void whatWasFoundOnce(Class<?> target) throws Exception {
    Fuzzing.kept(target);
  }

  @ParameterizedTest
  @ValueSource(
      classes = {RequestsFuzz.class, HeadsFuzz.class, TokensFuzz.class, RouteFilesFuzz.class})
  @Tag("fuzz")
  void whateverIsTried(Class<?> target) throws Exception {
    if (target.equals(RouteFilesFuzz.class)) {
      Fuzzing.fresh(target, "org.snakeyaml.**");
    } else {
      Fuzzing.fresh(target);
    }
  }
}
