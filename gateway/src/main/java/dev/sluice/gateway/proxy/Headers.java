package dev.sluice.gateway.proxy;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which headers pass, and which are made anew (RFC 9110, section 7.6). */
final class Headers {
  static final String REQUEST_ID = "x-request-id";
  static final String MODE = "sluice-mode";
  private static final String VIA = "1.1 sluice";
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "upgrade",
          "http2-settings");
  private static final String OWN = "sluice-";
  private static final String PLATFORM = "x-goog-";
  private static final Set<String> NO_TRAILERS =
      Set.of(
          "transfer-encoding",
          "content-length",
          "content-encoding",
          "content-type",
          "content-range",
          "host",
          "via",
          "date",
          "authorization",
          "cookie",
          "set-cookie",
          "www-authenticate",
          "location",
          "cache-control",
          "age",
          "expires",
          "pragma",
          "vary",
          "expect",
          "max-forwards",
          "if-match",
          "if-none-match",
          "if-modified-since",
          "if-unmodified-since",
          "if-range",
          "range",
          "prefer",
          "idempotency-key",
          "x-api-key",
          "x-http-method-override",
          "traceparent",
          "tracestate");

  /**
   * What Connection may not name: fields for all recipients (RFC 9110, section 7.6.1). Without them
   * a message would be framed, routed, trusted, stored or repeated in another way than it is read.
   */
  private static final Set<String> FOR_ALL =
      Set.of(
          "",
          "close",
          "host",
          "content-length",
          "transfer-encoding",
          "content-type",
          "content-encoding",
          "content-range",
          "authorization",
          "cookie",
          "set-cookie",
          "idempotency-key",
          "if-match",
          "if-none-match",
          "if-modified-since",
          "if-unmodified-since",
          "if-range",
          "range",
          "cache-control",
          "vary",
          "expires",
          "age",
          "location",
          "via",
          "date");

  private static final Set<String> MADE_ANEW =
      Set.of("forwarded", "x-real-ip", "x-serverless-authorization", "expect", REQUEST_ID);

  private Headers() {}

  /**
   * The request's headers as the backend gets them.
   *
   * @param peer the address that the client connected from
   * @param trusted the peer's own forwarding headers are extended instead of dropped
   */
  static HttpHeaders toBackend(HttpHeaders from, String peer, boolean trusted, String requestId) {
    HttpHeaders to = DefaultHttpHeadersFactory.headersFactory().newHeaders();
    Set<String> named = namedInConnection(from);
    for (var each = from.iteratorAsString(); each.hasNext(); ) {
      Map.Entry<String, String> header = each.next();
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (passes(name, named) && !anew(name)) {
        to.add(header.getKey(), header.getValue());
      }
    }
    String before = trusted ? String.join(", ", from.getAll("x-forwarded-for")) : "";
    to.set("x-forwarded-for", before.isEmpty() ? peer : before + ", " + peer);
    forwardedByTrusted(from, to, "x-forwarded-proto", "http", trusted);
    String host = from.get(HttpHeaderNames.HOST);
    forwardedByTrusted(from, to, "x-forwarded-host", host == null ? "" : host, trusted);
    to.set(REQUEST_ID, requestId);
    to.add(HttpHeaderNames.VIA, VIA);
    oneHopLess(to);
    return to;
  }

  /** One of the hops that a request has left is this one (RFC 9110, section 7.6.2). */
  private static void oneHopLess(HttpHeaders to) {
    String left = to.get(HttpHeaderNames.MAX_FORWARDS);
    if (left != null && left.length() < 10 && left.chars().allMatch(c -> c >= '0' && c <= '9')) {
      int hops = left.isEmpty() ? 0 : Integer.parseInt(left);
      if (hops > 0) {
        to.set(HttpHeaderNames.MAX_FORWARDS, Integer.toString(hops - 1));
      }
    }
  }

  private static void forwardedByTrusted(
      HttpHeaders from, HttpHeaders to, String name, String own, boolean trusted) {
    String given = trusted ? from.get(name) : null;
    String value = given == null ? own : given;
    if (!value.isEmpty()) {
      to.set(name, value);
    }
  }

  /** Removes from a backend's answer what concerns its own connection alone. */
  static void fromBackend(HttpHeaders headers, String requestId) {
    Set<String> named = namedInConnection(headers);
    HOP_BY_HOP.forEach(headers::remove);
    named.forEach(headers::remove);
    headers.names().stream()
        .filter(name -> name.toLowerCase(Locale.ROOT).startsWith(OWN))
        .forEach(headers::remove);
    headers.add(HttpHeaderNames.VIA, VIA);
    headers.set(REQUEST_ID, requestId);
  }

  /** The piece without those trailer fields that must not come so late, or not from there. */
  static HttpContent withTrailers(HttpContent piece) {
    if (piece instanceof LastHttpContent last && !last.trailingHeaders().isEmpty()) {
      keepTrailers(last.trailingHeaders());
    }
    return piece;
  }

  /**
   * Fields that frame, route, authenticate or say how a message is to be handled have no place
   * among trailers (RFC 9110, section 6.5.1).
   */
  private static void keepTrailers(HttpHeaders trailers) {
    for (String name : Set.copyOf(trailers.names())) {
      String folded = name.toLowerCase(Locale.ROOT);
      if (HOP_BY_HOP.contains(folded) || early(folded) || anew(folded)) {
        trailers.remove(name);
      }
    }
  }

  private static boolean early(String name) {
    return NO_TRAILERS.contains(name) || name.startsWith(PLATFORM);
  }

  private static boolean passes(String name, Set<String> named) {
    return !HOP_BY_HOP.contains(name) && !named.contains(name);
  }

  private static boolean anew(String name) {
    return name.startsWith("x-forwarded-") || name.startsWith(OWN) || MADE_ANEW.contains(name);
  }

  /** Connection may name further headers, but never those that frame or route the message. */
  private static Set<String> namedInConnection(HttpHeaders headers) {
    List<String> lines = headers.getAll(HttpHeaderNames.CONNECTION);
    if (lines.isEmpty()) {
      return Set.of();
    }
    Set<String> named = new HashSet<>();
    for (String line : lines) {
      for (String option : line.split(",", -1)) {
        named.add(option.trim().toLowerCase(Locale.ROOT));
      }
    }
    named.removeAll(FOR_ALL);
    return named;
  }
}
