package dev.sluice.gateway.proxy;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;

/** Request heads as backends get them. */
final class Heads {
  private Heads() {}

  static HttpRequest toBackend(Asked asked) {
    HttpHeaders headers = Headers.toBackend(asked);
    String host = asked.host();
    if (host.isEmpty() || asked.target().authority() != null) {
      headers.set(
          HttpHeaderNames.HOST,
          host.isEmpty() ? asked.matched().backend().address().authority() : host);
    }
    if (asked.expectsContinue()) {
      headers.set(HttpHeaderNames.EXPECT, HttpHeaderValues.CONTINUE);
    }
    return new DefaultHttpRequest(
        HttpVersion.HTTP_1_1, asked.request().method(), asked.target().pathAndQuery(), headers);
  }
}
