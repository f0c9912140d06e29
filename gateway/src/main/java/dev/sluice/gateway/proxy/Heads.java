package dev.sluice.gateway.proxy;

import dev.sluice.config.Backend;
import dev.sluice.gateway.identity.Identities;
import dev.sluice.gateway.identity.OwnTokens;
import dev.sluice.gateway.route.Rewriting;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;

/** Request heads as backends get them. */
final class Heads {
  private Heads() {}

  static HttpRequest toBackend(Asked asked, Identities identities) {
    HttpHeaders headers = Headers.toBackend(asked);
    String host = asked.host();
    if (host.isEmpty() || asked.target().authority() != null) {
      headers.set(
          HttpHeaderNames.HOST,
          host.isEmpty() ? asked.matched().backend().address().authority() : host);
    }
    String target = asked.target().pathAndQuery();
    Rewriting rewriting = asked.matched().rewriting();
    if (!rewriting.none()) {
      rewrite(rewriting, headers);
      target = rewriting.target(target);
    }
    show(identities, asked.matched().backend(), headers);
    if (asked.upgrades()) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
      headers.set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
    }
    if (asked.expectsContinue()) {
      headers.set(HttpHeaderNames.EXPECT, HttpHeaderValues.CONTINUE);
    }
    return new DefaultHttpRequest(HttpVersion.HTTP_1_1, asked.request().method(), target, headers);
  }

  /** Shows a backend that asks for it who the gateway is. */
  static void show(Identities identities, Backend backend, HttpHeaders headers) {
    if (backend.auth() != null) {
      identities.own(backend).ifPresent(token -> headers.set(OwnTokens.HEADER, "Bearer " + token));
    }
  }

  /** Changes the headers of a request that is going out, Host among them. */
  static void rewrite(Rewriting rewriting, HttpHeaders headers) {
    String host = headers.get(HttpHeaderNames.HOST);
    headers.set(HttpHeaderNames.HOST, rewriting.host(host == null ? "" : host));
    rewriting.request(new EditedFields(headers));
  }
}
