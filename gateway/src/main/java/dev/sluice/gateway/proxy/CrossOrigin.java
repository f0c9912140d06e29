package dev.sluice.gateway.proxy;

import dev.sluice.config.Filter;
import dev.sluice.gateway.proxy.http1.EncodedAnswer;
import dev.sluice.gateway.route.CorsRule;
import dev.sluice.gateway.route.Matched;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AsciiString;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Tells browsers which pages of other origins may use a route, where the route says so. */
final class CrossOrigin {
  private CrossOrigin() {}

  /** Into an answer's headers, in place of what the backend says of it. */
  static void tell(Asked asked, HttpHeaders headers) {
    Filter.Cors cors = asked.matched().rewriting().cors();
    if (cors != null) {
      for (String name : headers.names()) {
        if (name.toLowerCase(Locale.ROOT).startsWith(CorsRule.PREFIX)) {
          headers.remove(name);
        }
      }
      lines(asked, cors, headers::add);
    }
  }

  /** The same of a stored copy, which knows nothing of origins. */
  static void tell(Asked asked, EncodedAnswer answer) {
    Filter.Cors cors = asked.matched().rewriting().cors();
    if (cors != null) {
      lines(asked, cors, (name, value) -> answer.add(AsciiString.of(name), value));
    }
  }

  private static void lines(Asked asked, Filter.Cors cors, BiConsumer<String, String> to) {
    CorsRule.answer(cors, asked.headers().get(HttpHeaderNames.ORIGIN))
        .forEach(line -> to.accept(line.getKey(), line.getValue()));
  }

  /** The method that a preflight asks about; null where the request is none. */
  static @Nullable String preflight(HttpRequest request) {
    return HttpMethod.OPTIONS.equals(request.method())
            && request.headers().contains(HttpHeaderNames.ORIGIN)
        ? request.headers().get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD)
        : null;
  }

  /** The answer to a preflight of this route; null where the route leaves it to its backend. */
  static @Nullable FullHttpResponse preflight(
      HttpRequest request, String method, @Nullable Matched matched) {
    Filter.Cors cors = matched == null ? null : matched.rewriting().cors();
    if (matched == null || cors == null) {
      return null;
    }
    FullHttpResponse response = Answers.of(204, Problem.CONTENT_TYPE, new byte[0]);
    HttpHeaders headers = response.headers();
    headers.remove(HttpHeaderNames.CONTENT_TYPE).remove(HttpHeaderNames.CONTENT_LENGTH);
    headers.remove(HttpHeaderNames.CACHE_CONTROL);
    HttpHeaders asked = request.headers();
    for (Map.Entry<String, String> line :
        CorsRule.preflight(
            cors,
            String.valueOf(asked.get(HttpHeaderNames.ORIGIN)),
            method,
            asked.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS),
            matched.route().match().methods())) {
      headers.add(line.getKey(), line.getValue());
    }
    return response;
  }
}
