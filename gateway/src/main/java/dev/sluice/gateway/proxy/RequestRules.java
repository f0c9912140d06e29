package dev.sluice.gateway.proxy;

import dev.sluice.config.Route;
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
  static boolean upgrades(HttpHeaders headers) {
    return headers.contains(HttpHeaderNames.UPGRADE)
        && headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
  }

  /** Why a request for a WebSocket is refused on this route; null where it is not, or is none. */
  static @Nullable Problem webSocket(HttpRequest request, Route route) {
    if (!upgrades(request.headers())) {
      return null;
    }
    if (route.webSocket() == null) {
      return Problem.closing(501, "this route takes no WebSocket");
    }
    return handshake(request)
        ? null
        : Problem.closing(400, "this is no opening handshake of a WebSocket of version 13");
  }

  /** What a client must say to open one (RFC 6455, section 4.1). */
  private static boolean handshake(HttpRequest request) {
    HttpHeaders headers = request.headers();
    return HttpMethod.GET.equals(request.method())
        && length(request) == 0
        && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
        && "13".equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))
        && headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY);
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
