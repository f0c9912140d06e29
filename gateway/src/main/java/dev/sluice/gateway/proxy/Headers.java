package dev.sluice.gateway.proxy;

import dev.sluice.gateway.proxy.FieldNames.Traits;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which headers pass, and which are made anew (RFC 9110, section 7.6). */
final class Headers {
  static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");
  static final AsciiString MODE = AsciiString.cached("sluice-mode");
  private static final AsciiString REAL_IP = AsciiString.cached("x-real-ip");
  private static final AsciiString VIA = AsciiString.cached("1.1 sluice");
  private static final AsciiString HTTP = AsciiString.cached("http");

  /** What is added was checked while it was read, or is the gateway's own. */
  private static final DefaultHttpHeadersFactory UNCHECKED =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false);

  private Headers() {}

  /** The request's headers as the backend gets them. */
  static HttpHeaders toBackend(Asked asked) {
    HttpHeaders from = asked.headers();
    HttpHeaders to = UNCHECKED.newHeaders();
    Set<String> named = namedInConnection(from);
    for (var each = from.iteratorCharSequence(); each.hasNext(); ) {
      Map.Entry<CharSequence, CharSequence> field = each.next();
      Traits traits = FieldNames.of(field.getKey());
      if (!traits.madeAnew() && !dropped(field.getKey(), traits, named)) {
        to.add(field.getKey(), field.getValue());
      }
    }
    whereFrom(asked.provenance(), from.get(HttpHeaderNames.HOST), to);
    asked.onward().write(from, to);
    to.add(REQUEST_ID, asked.requestId());
    to.add(HttpHeaderNames.VIA, VIA);
    oneHopLess(to);
    return to;
  }

  /** The forwarding headers; a port that nobody named follows from host and scheme. */
  private static void whereFrom(Provenance from, @Nullable String asked, HttpHeaders to) {
    String host = from.host() == null ? asked : from.host();
    to.add(Provenance.FOR, from.forwardedFor());
    to.add(Provenance.PROTO, from.proto() == null ? HTTP : from.proto());
    if (host != null && !host.isEmpty()) {
      to.add(Provenance.HOST, host);
    }
    to.add(Provenance.PORT, from.port() == null ? port(host, from.proto()) : from.port());
    to.add(REAL_IP, from.clientText());
    if (from.forwarded() != null) {
      to.add(Provenance.FORWARDED, from.forwarded());
    }
  }

  private static String port(@Nullable String host, @Nullable String proto) {
    String usual = "https".equals(proto) ? "443" : "80";
    if (host == null) {
      return usual;
    }
    int colon = host.lastIndexOf(':');
    boolean named = colon > host.lastIndexOf(']') && colon + 1 < host.length();
    return named ? host.substring(colon + 1) : usual;
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

  /** Removes from a backend's answer what concerns its own connection alone. */
  static void fromBackend(HttpHeaders headers, String requestId) {
    Set<String> named = namedInConnection(headers);
    headers.remove(HttpHeaderNames.CONNECTION); // mostly all that is to go
    List<CharSequence> gone = List.of();
    for (var each = headers.iteratorCharSequence(); each.hasNext(); ) {
      CharSequence name = each.next().getKey();
      Traits traits = FieldNames.of(name);
      if (traits.own() || dropped(name, traits, named)) {
        gone = gone.isEmpty() ? new ArrayList<>(4) : gone;
        gone.add(name);
      }
    }
    for (CharSequence name : gone) {
      headers.remove(name);
    }
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

  private static void keepTrailers(HttpHeaders trailers) {
    for (String name : Set.copyOf(trailers.names())) {
      if (FieldNames.of(name).early()) {
        trailers.remove(name);
      }
    }
  }

  private static boolean dropped(CharSequence name, Traits traits, Set<String> named) {
    return traits.hopByHop()
        || (!named.isEmpty()
            && !traits.forAll()
            && named.contains(name.toString().toLowerCase(Locale.ROOT)));
  }

  /** Further fields that Connection names, in lower case; almost always there are none. */
  private static Set<String> namedInConnection(HttpHeaders headers) {
    Set<String> named = Set.of();
    Iterator<? extends CharSequence> lines =
        headers.valueCharSequenceIterator(HttpHeaderNames.CONNECTION);
    while (lines.hasNext()) {
      CharSequence line = lines.next();
      if (!HttpHeaderValues.KEEP_ALIVE.contentEqualsIgnoreCase(line)
          && !HttpHeaderValues.CLOSE.contentEqualsIgnoreCase(line)) {
        named = named.isEmpty() ? new HashSet<>() : named;
        for (String option : line.toString().split(",", -1)) {
          named.add(option.trim().toLowerCase(Locale.ROOT));
        }
      }
    }
    return named;
  }
}
