package dev.sluice.gateway.proxy;

import dev.sluice.config.Filter;
import dev.sluice.fallback.cache.CacheStatus;
import dev.sluice.fallback.cache.CopyAnswer;
import dev.sluice.fallback.cache.HeaderFields;
import dev.sluice.fallback.cache.StoredCopy;
import dev.sluice.gateway.proxy.http1.EncodedAnswer;
import dev.sluice.gateway.route.Rewriting;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Complete answers that the gateway makes itself. Pure. */
final class Answers {
  private static final AsciiString AGE = HttpHeaderNames.AGE;
  private static final AsciiString STATUS = AsciiString.cached(CacheStatus.FIELD);

  private Answers() {}

  static FullHttpResponse of(int status, String contentType, byte[] body) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(body));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, contentType)
        .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    return response;
  }

  static FullHttpResponse of(Problem problem) {
    FullHttpResponse response = of(problem.status(), Problem.CONTENT_TYPE, problem.body());
    if (problem.retryAfter() != null) {
      response
          .headers()
          .set(HttpHeaderNames.RETRY_AFTER, Math.max(1, problem.retryAfter().toSeconds()));
    }
    return response;
  }

  /** What a route's own filter answers, a redirect or a fixed answer. */
  static FullHttpResponse of(Filter filter, String pathAndQuery) {
    if (filter instanceof Filter.Answer fixed) {
      return of(fixed.status(), fixed.contentType(), fixed.body().getBytes(StandardCharsets.UTF_8));
    }
    Filter.Redirect redirect = (Filter.Redirect) filter;
    FullHttpResponse response = of(redirect.status(), "text/plain", new byte[0]);
    response.headers().remove(HttpHeaderNames.CONTENT_TYPE);
    response.headers().set(HttpHeaderNames.LOCATION, Rewriting.location(redirect, pathAndQuery));
    return response;
  }

  /** A stored copy, a part of it, or 304 where the client has it already. */
  static EncodedAnswer of(StoredCopy copy, HeaderFields request, Instant now, String status) {
    CopyAnswer copied = CopyAnswer.of(copy, request, now);
    EncodedAnswer answer =
        new EncodedAnswer(
                copied.status(), copied.head(), copied.body(), copied.from(), copied.length())
            .add(AGE, Long.toString(copy.ageSeconds(now)))
            .add(STATUS, status);
    return copied.measured()
        ? answer.add(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(copied.length()))
        : answer;
  }
}
