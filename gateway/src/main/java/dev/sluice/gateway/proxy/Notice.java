package dev.sluice.gateway.proxy;

import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.mode.ServiceMode;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;

/**
 * What a front end may show its users, for anybody's page: the service mode, since when, and a
 * sentence. Nothing in it tells what the service is made of.
 */
final class Notice {
  /** Its path. */
  static final String PATH = "/.sluice/notice";

  /** The path of its page, where the files open that. */
  static final String PAGE_PATH = "/.sluice/status";

  private static final String PAGE =
      """
      <!doctype html><html lang=en><head><meta charset=utf-8>
      <meta name=viewport content="width=device-width,initial-scale=1">
      <meta http-equiv=refresh content=10><title>Status</title>
      <style>:root{color-scheme:light dark}
      body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem}
      h1{border-left:.5rem solid %s;padding-left:1rem}</style></head>
      <body><main><h1>%s</h1><p>Since <time>%s</time>.</p>
      <p>As of <time>%s</time>; this page loads itself again.</p></main></body></html>
      """;

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

  /** The same as a page for people, which loads itself again. */
  static FullHttpResponse page(Posture posture) {
    ServiceMode mode = posture.mode();
    String html =
        PAGE.formatted(
            mode == ServiceMode.FULL
                ? "#1a7f37"
                : mode == ServiceMode.DB_DEGRADED ? "#9a6700" : "#cf222e",
            sentence(mode),
            posture.headline().since().truncatedTo(ChronoUnit.SECONDS),
            posture.takenAt().truncatedTo(ChronoUnit.SECONDS));
    FullHttpResponse response =
        Answers.of(200, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8));
    response
        .headers()
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set(
            HttpHeaderNames.CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'")
        .set(Headers.MODE, mode.label());
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
