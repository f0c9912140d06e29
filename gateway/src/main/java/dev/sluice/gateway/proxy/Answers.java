package dev.sluice.gateway.proxy;

import dev.sluice.fallback.cache.CopyAnswer;
import dev.sluice.fallback.cache.StoredCopy;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;

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

  /** A stored copy, or 304 where the client has it already. */
  static FullHttpResponse of(
      StoredCopy copy,
      List<Map.Entry<String, String>> requestHeaders,
      Instant now,
      String detail,
      String mode) {
    boolean known = CopyAnswer.notModified(copy, requestHeaders);
    byte[] body = known ? new byte[0] : copy.body();
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(known ? 304 : copy.status()),
            Unpooled.wrappedBuffer(body));
    var headers =
        known
            ? CopyAnswer.notModifiedHeaders(copy, now, detail)
            : CopyAnswer.headers(copy, now, detail);
    headers.forEach(header -> response.headers().add(header.getKey(), header.getValue()));
    response.headers().set(Headers.MODE, mode);
    return response;
  }
}
