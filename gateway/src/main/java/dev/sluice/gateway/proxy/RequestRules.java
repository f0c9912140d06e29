package dev.sluice.gateway.proxy;

import dev.sluice.gateway.route.RequestTarget;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a request must fulfil before it has a route (RFC 9110, RFC 9112). Pure. */
final class RequestRules {
  private RequestRules() {}

  /** Why the request is refused, or null. */
  static @Nullable Problem refusal(HttpRequest request, long maxBody) {
    if (request.decoderResult().isFailure()) {
      return unreadable(request.decoderResult().cause());
    }
    Problem framing = framing(request);
    if (framing != null) {
      return framing;
    }
    String method = request.method().name();
    if (method.equals("CONNECT") || method.equals("TRACE")) {
      return Problem.closing(405, "Method Not Allowed", method + " is not served");
    }
    List<String> expect = request.headers().getAll(HttpHeaderNames.EXPECT);
    if (!expect.isEmpty() && !expect.get(0).equalsIgnoreCase("100-continue")) {
      return Problem.closing(417, "Expectation Failed", "only 100-continue is understood");
    }
    if (length(request) > maxBody) {
      return tooLarge(maxBody);
    }
    return null;
  }

  static Problem tooLarge(long limit) {
    return Problem.closing(413, "Content Too Large", "the body is over " + limit + " bytes");
  }

  static Problem unreadable(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return Problem.closing(414, "URI Too Long", "the request line is too long");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return Problem.closing(431, "Request Header Fields Too Large", "the headers are too large");
    }
    return Problem.closing(400, "Bad Request", "the request cannot be read as HTTP/1.1");
  }

  private static @Nullable Problem framing(HttpRequest request) {
    HttpHeaders headers = request.headers();
    HttpVersion version = request.protocolVersion();
    if (version.majorVersion() != 1) {
      return Problem.closing(505, "HTTP Version Not Supported", "HTTP/1.1 is spoken here");
    }
    List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
    List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    boolean both = !lengths.isEmpty() && !codings.isEmpty();
    if (both || lengths.size() > 1 || codings.size() > 1) {
      return Problem.closing(400, "Bad Request", "the body's length is given more than once");
    }
    if (!codings.isEmpty() && !codings.get(0).equalsIgnoreCase("chunked")) {
      return Problem.closing(501, "Not Implemented", "chunked is the only transfer coding known");
    }
    if (!lengths.isEmpty() && !lengths.get(0).chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Problem.closing(400, "Bad Request", "Content-Length is not a number");
    }
    if (!codings.isEmpty() && version.minorVersion() == 0) {
      return Problem.closing(400, "Bad Request", "HTTP/1.0 knows no transfer codings");
    }
    List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
    boolean needed = version.minorVersion() >= 1;
    boolean bad = hosts.isEmpty() || !authority(hosts.get(0));
    if (hosts.size() > 1 || (needed && bad)) {
      return Problem.closing(400, "Bad Request", "exactly one valid Host is needed");
    }
    return null;
  }

  /** Whether the authority of an absolute-form target, if it has one, is a plain host and port. */
  static boolean authority(RequestTarget target) {
    return target.authority() == null || authority(target.authority());
  }

  private static boolean authority(String host) {
    return !host.isEmpty()
        && host.length() <= 255
        && host.chars()
            .allMatch(
                c ->
                    (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || "-._:[]%~".indexOf(c) >= 0);
  }

  /** The declared length; 0 without one, -1 for a chunked body of unknown length. */
  static long length(HttpRequest request) {
    String length = request.headers().get(HttpHeaderNames.CONTENT_LENGTH);
    if (length != null) {
      try {
        return Long.parseLong(length);
      } catch (NumberFormatException e) {
        return Long.MAX_VALUE;
      }
    }
    return chunked(request) ? -1 : 0;
  }

  static boolean chunked(HttpRequest request) {
    return request
        .headers()
        .containsValue(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED, true);
  }
}
