package dev.sluice.gateway.proxy;

import dev.sluice.gateway.proxy.http1.Authority;
import dev.sluice.gateway.route.RequestTarget;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a request must fulfil before it has a route (RFC 9110, RFC 9112). Pure. */
final class RequestRules {
  private RequestRules() {}

  /** Why the request is refused, or null. */
  static @Nullable Problem refusal(HttpRequest request, long maxBody) {
    HttpHeaders headers = request.headers();
    if (headers.contains(HttpHeaderNames.EXPECT)
        && !onlyContinue(headers.getAll(HttpHeaderNames.EXPECT))) {
      return Problem.closing(417, "only 100-continue is understood");
    }
    if (HttpMethod.CONNECT.equals(request.method()) || HttpMethod.TRACE.equals(request.method())) {
      return Problem.closing(405, request.method() + " is not served");
    }
    if (upgrades(headers)) {
      return Problem.closing(501, "WebSocket is not served");
    }
    return length(request) > maxBody ? tooLarge(maxBody) : null;
  }

  private static boolean onlyContinue(List<String> expectations) {
    for (String expectation : expectations) {
      if (!expectation.equalsIgnoreCase("100-continue")) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether this hop is the last one that may answer (RFC 9110, section 7.6.2): OPTIONS that is to
   * be forwarded no further.
   */
  static boolean endsHere(HttpRequest request) {
    return HttpMethod.OPTIONS.equals(request.method())
        && "0".equals(request.headers().get(HttpHeaderNames.MAX_FORWARDS));
  }

  /** Other upgrades are offers that may be passed over (RFC 9110, section 7.8); this one is not. */
  private static boolean upgrades(HttpHeaders headers) {
    return headers.contains(HttpHeaderNames.UPGRADE)
        && headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
  }

  static Problem tooLarge(long limit) {
    return Problem.closing(413, "the body is over " + limit + " bytes");
  }

  /** Whether the authority of an absolute-form target, if it has one, is a plain host and port. */
  static boolean authority(RequestTarget target) {
    return target.authority() == null || Authority.valid(target.authority());
  }

  /** The declared length; 0 without one, -1 for a chunked body of unknown length. */
  static long length(HttpRequest request) {
    String length = request.headers().get(HttpHeaderNames.CONTENT_LENGTH);
    if (length != null) {
      return Long.parseLong(length);
    }
    return request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING) ? -1 : 0;
  }
}
