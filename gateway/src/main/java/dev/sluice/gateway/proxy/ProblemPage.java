package dev.sluice.gateway.proxy;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** A problem as a page for people, for who asks for one; it needs nothing from anywhere else. */
final class ProblemPage {
  private static final String PAGE =
      """
      <!doctype html><html lang=en><head><meta charset=utf-8>
      <meta name=viewport content="width=device-width,initial-scale=1"><title>%1$s</title>
      <style>:root{color-scheme:light dark}
      body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem}
      p{margin:.6rem 0}small{opacity:.75}</style></head>
      <body><main><h1>%1$s</h1><p>%2$s.</p>%3$s<p><small>Status %4$d</small></p></main></body></html>
      """;

  private ProblemPage() {}

  /** Whether the client asks for pages, as browsers do where they navigate. */
  static boolean wanted(HttpHeaders request) {
    for (String line : request.getAll(HttpHeaderNames.ACCEPT)) {
      String accept = line.toLowerCase(Locale.ROOT);
      if (accept.contains("text/html") && !accept.contains("json")) {
        return true;
      }
    }
    return false;
  }

  static FullHttpResponse of(Problem problem) {
    Duration later = problem.retryAfter();
    String again =
        later == null
            ? ""
            : "<p>It may work again in %d seconds.</p>".formatted(Math.max(1, later.toSeconds()));
    String page =
        PAGE.formatted(
            escaped(problem.title()), escaped(sentence(problem)), again, problem.status());
    FullHttpResponse response =
        Answers.of(
            problem.status(), "text/html; charset=utf-8", page.getBytes(StandardCharsets.UTF_8));
    response
        .headers()
        .set(
            HttpHeaderNames.CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    if (later != null) {
      response.headers().set(HttpHeaderNames.RETRY_AFTER, Math.max(1, later.toSeconds()));
    }
    return response;
  }

  private static String sentence(Problem problem) {
    String detail = problem.detail();
    return detail.isEmpty()
        ? detail
        : detail.substring(0, 1).toUpperCase(Locale.ROOT) + detail.substring(1);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
