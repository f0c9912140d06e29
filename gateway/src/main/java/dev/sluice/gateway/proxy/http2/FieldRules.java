package dev.sluice.gateway.proxy.http2;

import dev.sluice.gateway.proxy.http1.Malformed;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Map;

/** What HTTP/2 asks of fields beyond HTTP/1.1 (RFC 9113, section 8.2). */
final class FieldRules {
  /** Concern a connection of HTTP/1.1 (RFC 9113, section 8.2.2). */
  private static final List<AsciiString> OF_CONNECTIONS =
      List.of(
          HttpHeaderNames.CONNECTION,
          AsciiString.cached("keep-alive"),
          AsciiString.cached("proxy-connection"),
          HttpHeaderNames.TRANSFER_ENCODING,
          HttpHeaderNames.UPGRADE);

  private static final DefaultHttpHeadersFactory UNCHECKED =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false);

  private FieldRules() {}

  /** Lower case, and nothing of a connection's. */
  static void check(CharSequence name, CharSequence value) throws Malformed {
    for (int i = 0; i < name.length(); i++) {
      if (AsciiString.isUpperCase(name.charAt(i))) {
        throw Malformed.bad("a field name has a capital");
      }
    }
    if (ofConnection(name)) {
      throw Malformed.bad("a field of HTTP/1.1's connections has no place in HTTP/2");
    }
    if (HttpHeaderNames.TE.contentEquals(name) && !HttpHeaderValues.TRAILERS.contentEquals(value)) {
      throw Malformed.bad("te may name trailers alone");
    }
  }

  private static boolean ofConnection(CharSequence name) {
    for (AsciiString each : OF_CONNECTIONS) {
      if (each.contentEqualsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }

  /** One field that goes out, in lower case; nothing of a connection's. */
  static void add(CharSequence name, CharSequence value, Http2Headers to) {
    if (!ofConnection(name)) {
      to.add(AsciiString.of(name).toLowerCase(), value);
    }
  }

  static void copy(HttpHeaders from, Http2Headers to) {
    for (var each = from.iteratorCharSequence(); each.hasNext(); ) {
      Map.Entry<CharSequence, CharSequence> field = each.next();
      add(field.getKey(), field.getValue(), to);
    }
  }

  /** Trailers that go out. */
  static Http2Headers trailers(HttpHeaders from) {
    Http2Headers to = new DefaultHttp2Headers(false, from.size());
    copy(from, to);
    return to;
  }

  /** Trailers that came; pseudo-headers have no place among them (RFC 9113, section 8.1). */
  static HttpHeaders trailers(Http2Headers from) throws Malformed {
    HttpHeaders to = UNCHECKED.newHeaders();
    for (Map.Entry<CharSequence, CharSequence> field : from) {
      check(field.getKey(), field.getValue());
      new HeadLines().field(field.getKey(), field.getValue());
      if (field.getKey().length() == 0 || field.getKey().charAt(0) == ':') {
        throw Malformed.bad("a pseudo-header stands among trailers");
      }
      to.add(field.getKey(), field.getValue());
    }
    return to;
  }
}
