package dev.sluice.gateway.proxy;

import dev.sluice.fallback.cache.CacheStatus;
import dev.sluice.fallback.cache.CopyAnswer;
import dev.sluice.fallback.cache.HeaderFields;
import dev.sluice.fallback.cache.StoredCopy;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Instant;

/** Complete answers that the gateway makes itself. Pure. */
final class Answers {
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

  /** A stored copy, a part of it, or 304 where the client has it already. */
  static FullHttpResponse of(
      StoredCopy copy, HeaderFields request, Instant now, String status, String mode) {
    CopyAnswer answer = CopyAnswer.of(copy, request, now);
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            Unpooled.wrappedBuffer(answer.body(), answer.from(), answer.length()));
    answer.lines().forEach(line -> response.headers().add(line.getKey(), line.getValue()));
    response
        .headers()
        .add(HttpHeaderNames.AGE, copy.ageSeconds(now))
        .add(CacheStatus.FIELD, status)
        .set(Headers.MODE, mode);
    if (answer.measured()) {
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, answer.length());
    }
    return response;
  }
}
