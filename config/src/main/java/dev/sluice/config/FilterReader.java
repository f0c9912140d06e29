package dev.sluice.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads a route's filters: a list of mappings with one key each. */
final class FilterReader {
  private static final List<String> KINDS =
      List.of(
          "strip-prefix",
          "add-prefix",
          "host",
          "set-request-header",
          "remove-request-header",
          "set-response-header",
          "remove-response-header",
          "redirect",
          "answer",
          "cors",
          "gzip");

  /** What frames or routes a message is not a route's to change. */
  private static final Set<String> FRAMING =
      Set.of(
          "connection",
          "content-length",
          "host",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private static final String SEGMENTS = "(/[A-Za-z0-9._~!$&'()+,;=:@-]+)+";
  private static final int LONGEST_TARGET = 2000;
  private static final int LONGEST_PREFIX = 256;
  private static final int LEAST_GZIP = 1024;

  private FilterReader() {}

  static List<Filter> read(Fields f) {
    List<Filter> filters = new ArrayList<>();
    for (Node node : f.items("filters")) {
      Fields item = Fields.item(f.reading(), node, "filters", filters.size());
      Filter filter = one(item);
      item.end();
      if (filter != null) {
        filters.add(filter);
      }
    }
    return filters;
  }

  private static @Nullable Filter one(Fields f) {
    List<String> named = KINDS.stream().filter(f::has).toList();
    if (named.size() != 1) {
      f.problems()
          .error(f.place(), "a filter has exactly one of these keys: " + String.join(", ", KINDS));
      return null;
    }
    String kind = named.get(0);
    return switch (kind) {
      case "strip-prefix" -> new Filter.StripPrefix(prefix(f, kind));
      case "add-prefix" -> new Filter.AddPrefix(prefix(f, kind));
      case "host" -> host(f);
      case "set-request-header" -> set(f.section(kind), true);
      case "set-response-header" -> set(f.section(kind), false);
      case "remove-request-header" -> new Filter.RemoveHeader(true, name(f, kind));
      case "remove-response-header" -> new Filter.RemoveHeader(false, name(f, kind));
      case "redirect" -> redirect(f.section(kind));
      case "answer" -> answer(f.section(kind));
      case "cors" -> cors(f.section(kind));
      default -> gzip(f.section(kind));
    };
  }

  private static String prefix(Fields f, String key) {
    Scalar prefix = f.requiredScalar(key);
    if (prefix == null) {
      return "/";
    }
    String text = prefix.text();
    boolean plain = text.length() <= LONGEST_PREFIX && text.matches(SEGMENTS);
    if (!plain || PathRule.fault(text) != null) {
      f.problems()
          .error(
              prefix.place(),
              key + " must be plain segments, not " + prefix.said(),
              "such as /api or /api/v2, without a slash at the end");
    }
    return text;
  }

  private static Filter host(Fields f) {
    Scalar host = f.requiredScalar("host");
    if (host == null || host.text().equals("backend")) {
      return new Filter.Host(null);
    }
    if (Addresses.hostPort(host.text(), 80) == null) {
      f.problems()
          .error(
              host.place(),
              "host must be backend or a name, not " + host.said(),
              "backend stands for the backend's own address");
    }
    return new Filter.Host(host.text());
  }

  private static String name(Fields f, String key) {
    Scalar name = f.requiredScalar(key);
    if (name == null) {
      return "x";
    }
    if (!Tokens.header(name.text())) {
      f.problems().error(name.place(), key + " must name a header, not " + name.said());
    } else if (FRAMING.contains(name.text().toLowerCase(Locale.ROOT))) {
      f.problems()
          .error(
              name.place(),
              "the header " + name.text() + " frames or routes messages and is not a route's",
              name.text().equalsIgnoreCase("host") ? "use the filter host" : "leave it out");
    }
    return name.text();
  }

  private static Filter set(Fields f, boolean ofRequest) {
    String name = name(f, "name");
    Scalar value = f.requiredScalar("value");
    if (value != null && !value.text().matches("[ -~]{0,4000}")) {
      f.problems().error(value.place(), "value must be printable ASCII, 4000 characters at most");
    }
    f.end();
    return new Filter.SetHeader(ofRequest, name, value == null ? "" : value.text());
  }

  private static Filter redirect(Fields f) {
    Scalar to = f.requiredScalar("to");
    if (to != null && !target(to.text())) {
      f.problems()
          .error(
              to.place(),
              "to must be a path or a URL, not " + to.said(),
              "{path} and {query} stand for what was asked, such as https://new.example{path}{query}");
    }
    int status = f.number("status", 308, 301, 308);
    if (!Set.of(301, 302, 303, 307, 308).contains(status)) {
      f.problems().error(f.place("status"), "a redirect has status 301, 302, 303, 307 or 308");
    }
    f.end();
    return new Filter.Redirect(status, to == null ? "/" : to.text());
  }

  private static boolean target(String text) {
    if (text.length() > LONGEST_TARGET) {
      return false;
    }
    String filled = text.replace("{path}", "/p").replace("{query}", "?q=1");
    try {
      URI uri = new URI(filled);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return web ? uri.getHost() != null : uri.getScheme() == null && filled.startsWith("/");
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static Filter answer(Fields f) {
    int status = f.number("status", 200, 200, 599);
    Scalar type = f.textScalar("content-type");
    if (type != null && !type.text().matches("[ -~]{1,200}")) {
      f.problems().error(type.place(), "content-type must be printable ASCII");
    }
    Scalar body = f.textScalar("body");
    f.end();
    return new Filter.Answer(
        status,
        type == null ? "text/plain; charset=utf-8" : type.text(),
        body == null ? "" : body.text());
  }

  private static Filter cors(Fields f) {
    List<String> origins = words(f, "origins", "\\*|[a-z][a-z0-9+.-]*://[^/?#\\s]+|null");
    boolean credentials = f.flag("credentials", false);
    if (origins.isEmpty()) {
      f.problems()
          .error(
              f.place(), "cors needs origins: which pages may use it", "such as https://app.test");
    }
    if (origins.contains("*") && (origins.size() > 1 || credentials)) {
      f.problems()
          .error(
              f.place("origins"),
              "the origin * stands alone and without credentials",
              "name the origins that may send credentials");
    }
    Filter cors =
        new Filter.Cors(
            origins,
            words(f, "methods", "[A-Z]{1,32}"),
            words(f, "headers", "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}"),
            words(f, "expose", "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}"),
            credentials,
            f.duration("max-age", Duration.ofMinutes(10)));
    f.end();
    return cors;
  }

  private static List<String> words(Fields f, String key, String pattern) {
    List<Scalar> found = f.texts(key);
    List<String> words = new ArrayList<>();
    for (Scalar word : found == null ? List.<Scalar>of() : found) {
      if (!word.text().matches(pattern)) {
        f.problems().error(word.place(), word.said() + " is nothing that " + key + " may name");
      }
      words.add(word.text());
    }
    return words;
  }

  private static Filter gzip(Fields f) {
    Filter gzip = new Filter.Gzip(f.bytes("min-size", LEAST_GZIP, 1L << 30));
    f.end();
    return gzip;
  }
}
