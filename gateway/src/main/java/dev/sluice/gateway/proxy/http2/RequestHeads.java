package dev.sluice.gateway.proxy.http2;

import dev.sluice.gateway.proxy.http1.Malformed;
import dev.sluice.gateway.proxy.http1.RequestDecoder;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import io.netty.util.AsciiString;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Request heads of HTTP/2 (RFC 9113, sections 8.2 and 8.3) as HTTP/1.1 says them, and back. */
final class RequestHeads {
  private static final int KEY_BYTES = 16;
  private static final AsciiString CHUNKED = AsciiString.cached("transfer-encoding");
  private static final AsciiString GRPC = AsciiString.cached("application/grpc");

  private RequestHeads() {}

  /**
   * The request that a client's head says.
   *
   * @param ends no body follows
   */
  static HttpRequest read(Http2Headers fields, boolean ends) throws Malformed {
    CharSequence method = only(fields, PseudoHeaderName.METHOD);
    boolean connects = method != null && HttpMethod.CONNECT.asciiName().contentEquals(method);
    CharSequence protocol = only(fields, PseudoHeaderName.PROTOCOL);
    if (connects && protocol != null) {
      return webSocket(fields, protocol);
    }
    CharSequence authority = only(fields, PseudoHeaderName.AUTHORITY);
    CharSequence path = connects ? authority : only(fields, PseudoHeaderName.PATH);
    CharSequence scheme = only(fields, PseudoHeaderName.SCHEME);
    if (method == null || path == null || (scheme == null && !connects) || path.length() == 0) {
      throw Malformed.bad("a request needs :method, :scheme and :path");
    }
    HeadLines head = new HeadLines().text(method).text(" ").text(path).text(" HTTP/1.1").end();
    host(fields, authority, head);
    fields(fields, head);
    length(fields, ends, head);
    return RequestDecoder.read(head.whole());
  }

  /** Whether the head asks for a WebSocket, whose bytes follow on the stream. */
  static boolean webSocket(Http2Headers fields) {
    return fields.get(PseudoHeaderName.PROTOCOL.value()) != null;
  }

  /** As a client of HTTP/1.1 asks for one (RFC 8441, section 5.1), with a key in its place. */
  private static HttpRequest webSocket(Http2Headers fields, CharSequence protocol)
      throws Malformed {
    CharSequence path = only(fields, PseudoHeaderName.PATH);
    if (path == null || !HttpHeaderValues.WEBSOCKET.contentEquals(protocol)) {
      throw Malformed.bad("extended CONNECT is for websocket, with a path");
    }
    HeadLines head = new HeadLines().text("GET ").text(path).text(" HTTP/1.1").end();
    host(fields, only(fields, PseudoHeaderName.AUTHORITY), head);
    fields(fields, head);
    byte[] key = new byte[KEY_BYTES];
    ThreadLocalRandom.current().nextBytes(key);
    head.field(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
        .field(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
        .field(HttpHeaderNames.SEC_WEBSOCKET_KEY, Base64.getEncoder().encodeToString(key));
    return RequestDecoder.read(head.whole());
  }

  /** The pseudo-header's value; null without one (RFC 9113, section 8.3). */
  private static @Nullable CharSequence only(Http2Headers fields, PseudoHeaderName name)
      throws Malformed {
    CharSequence value = fields.get(name.value());
    if (value != null && fields.getAll(name.value()).size() > 1) {
      throw Malformed.bad("a pseudo-header stands twice");
    }
    return value;
  }

  /** Authority and Host are one (RFC 9113, section 8.3.1). */
  private static void host(Http2Headers fields, @Nullable CharSequence authority, HeadLines head)
      throws Malformed {
    if (authority == null) {
      return;
    }
    for (CharSequence host : fields.getAll(HttpHeaderNames.HOST)) {
      if (!AsciiString.contentEquals(host, authority)) {
        throw Malformed.bad("Host and :authority differ");
      }
    }
    head.field(HttpHeaderNames.HOST, authority);
  }

  private static void fields(Http2Headers fields, HeadLines head) throws Malformed {
    boolean hosted = fields.authority() != null;
    CharSequence method = fields.method();
    boolean connects = method != null && HttpMethod.CONNECT.asciiName().contentEquals(method);
    StringBuilder cookies = null;
    for (Map.Entry<CharSequence, CharSequence> field : fields) {
      CharSequence name = field.getKey();
      if (name.length() > 0 && name.charAt(0) == ':') {
        known(name, connects);
      } else if (HttpHeaderNames.COOKIE.contentEquals(name)) {
        cookies = cookies == null ? new StringBuilder() : cookies.append("; ");
        cookies.append(field.getValue());
      } else if (!hosted || !HttpHeaderNames.HOST.contentEquals(name)) {
        FieldRules.check(name, field.getValue());
        head.field(name, field.getValue());
      }
    }
    if (cookies != null) {
      head.field(HttpHeaderNames.COOKIE, cookies);
    }
  }

  private static void known(CharSequence name, boolean connects) throws Malformed {
    if (!PseudoHeaderName.isPseudoHeader(name)
        || PseudoHeaderName.STATUS.value().contentEquals(name)
        || (PseudoHeaderName.PROTOCOL.value().contentEquals(name) && !connects)) {
      throw Malformed.bad("a pseudo-header is none of a request's");
    }
  }

  /** A body without a length is a chunked one; one that is declared must come. */
  private static void length(Http2Headers fields, boolean ends, HeadLines head) throws Malformed {
    CharSequence length = fields.get(HttpHeaderNames.CONTENT_LENGTH);
    if (!ends && length == null) {
      head.field(CHUNKED, HttpHeaderValues.CHUNKED);
    } else if (ends && length != null && !HttpHeaderValues.ZERO.contentEquals(length)) {
      throw Malformed.bad("the body is shorter than it was said to be");
    }
  }

  /** The head of a request that goes to a backend. */
  static Http2Headers write(HttpRequest request, AsciiString scheme) {
    HttpHeaders from = request.headers();
    Http2Headers to = new DefaultHttp2Headers(false, from.size() + 4);
    to.method(request.method().asciiName()).scheme(scheme).path(request.uri());
    String host = from.get(HttpHeaderNames.HOST);
    if (host != null) {
      to.authority(host);
    }
    FieldRules.copy(from, to);
    to.remove(HttpHeaderNames.HOST);
    CharSequence type = to.get(HttpHeaderNames.CONTENT_TYPE);
    if (type != null && AsciiString.of(type).startsWith(GRPC)) {
      to.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
    }
    return to;
  }
}
