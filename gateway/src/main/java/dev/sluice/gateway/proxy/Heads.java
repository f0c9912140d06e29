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

  static HttpRequest toBackend(Reception reception, ClientHandler client, Asked asked) {
    HttpHeaders headers =
        Headers.toBackend(
            asked.headers(), reception.peer(client), reception.trusted(client), asked.requestId());
    String host = asked.host();
    headers.set(
        HttpHeaderNames.HOST,
        host.isEmpty() ? asked.matched().backend().address().authority() : host);
    if (asked.expectsContinue()) {
      headers.set(HttpHeaderNames.EXPECT, HttpHeaderValues.CONTINUE);
    }
    return new DefaultHttpRequest(
        HttpVersion.HTTP_1_1, asked.request().method(), asked.target().pathAndQuery(), headers);
  }
}
