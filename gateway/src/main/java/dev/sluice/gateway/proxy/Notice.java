package dev.sluice.gateway.proxy;

import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.mode.ServiceMode;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.charset.StandardCharsets;

/**
 * What a front end may show its users, for anybody's page: the service mode, since when, and a
 * sentence. Nothing in it tells what the service is made of.
 */
final class Notice {
  /** Its path. */
  static final String PATH = "/.sluice/notice";

  private Notice() {}

  static FullHttpResponse of(Posture posture) {
    String json =
        "{\"mode\":\"%s\",\"since\":\"%s\",\"notice\":\"%s\"}"
            .formatted(
                posture.mode().label(), posture.headline().since(), sentence(posture.mode()));
    FullHttpResponse response =
        Answers.of(200, "application/json", json.getBytes(StandardCharsets.UTF_8));
    response
        .headers()
        .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
        .set(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, "sluice-mode, retry-after")
        .set(Headers.MODE, posture.mode().label());
    return response;
  }

  private static String sentence(ServiceMode mode) {
    return switch (mode) {
      case FULL -> "Everything works.";
      case DB_DEGRADED ->
          "Some of what you see may be out of date, and changes are kept until they can be made.";
      case INFRA_FAILURE -> "Much does not work at the moment; what you see may be out of date.";
    };
  }
}
