package dev.sluice.gateway.admin;

import dev.sluice.gateway.health.Html;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The document around the sections of the status page. Its script takes what changes by server-sent
 * events (HTML Living Standard, section 9.2) and puts it in its place; without a script the page
 * loads itself again. It asks no other host for anything.
 */
final class LivePage {
  /** The header that says what a document may do. */
  static final String POLICY = "Content-Security-Policy";

  private final String script = resource("status.js");
  private final String style = resource("status.css");
  private final String policy =
      "default-src 'none'; style-src 'unsafe-inline'; connect-src 'self'; script-src 'sha256-"
          + digest(script)
          + "'";

  /** Reads script and style: not for an event loop. */
  LivePage() {}

  /** What the page may do: run its own script, and hear of its own gateway. */
  String policy() {
    return policy;
  }

  String html(String title, Map<String, String> sections) {
    Html html = new Html();
    html.raw("<!doctype html><html lang=en><head><meta charset=utf-8>");
    html.raw("<meta name=viewport content=\"width=device-width,initial-scale=1\">");
    html.raw("<noscript><meta http-equiv=refresh content=5></noscript><title>").text(title);
    html.raw("</title><style>" + style + "</style></head><body>");
    html.raw("<p id=live role=status class=dim>As of the last load</p><main>");
    sections.forEach((id, text) -> html.raw("<div id=" + id + ">" + text + "</div>"));
    html.raw("</main><script>" + script + "</script></body></html>\n");
    return html.toString();
  }

  /** What is another now; the title under {@code title}. */
  static Map<String, String> changed(Map<String, String> before, Map<String, String> now) {
    Map<String, String> changed = new LinkedHashMap<>();
    now.forEach(
        (id, text) -> {
          if (!text.equals(before.get(id))) {
            changed.put(id, text);
          }
        });
    return changed;
  }

  private static String digest(String script) {
    try {
      byte[] bytes = script.getBytes(StandardCharsets.UTF_8);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = LivePage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
