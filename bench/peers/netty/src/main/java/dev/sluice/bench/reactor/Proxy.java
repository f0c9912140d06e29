package dev.sluice.bench.reactor;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetSocketAddress;
import java.util.List;
import org.reactivestreams.Publisher;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.ConnectionProvider;

/** The least that Reactor Netty needs to be a proxy: bodies stream, connections are pooled. */
public final class Proxy {
  private static final List<CharSequence> HOP_BY_HOP =
      List.of(
          HttpHeaderNames.CONNECTION,
          HttpHeaderNames.TE,
          HttpHeaderNames.TRAILER,
          HttpHeaderNames.UPGRADE);

  private final HttpClient client;

  private Proxy(int backendPort) {
    ConnectionProvider pool =
        ConnectionProvider.builder("backend").maxConnections(2048).pendingAcquireMaxCount(-1).build();
    client = HttpClient.create(pool).host("127.0.0.1").port(backendPort);
  }

  /** PORT and BACKEND_PORT come from the environment. */
  public static void main(String[] args) {
    Proxy proxy = new Proxy(Integer.parseInt(System.getenv("BACKEND_PORT")));
    HttpServer.create()
        .host("127.0.0.1")
        .port(Integer.parseInt(System.getenv("PORT")))
        .handle(proxy::forward)
        .bindNow()
        .onDispose()
        .block();
  }

  private Publisher<Void> forward(HttpServerRequest request, HttpServerResponse response) {
    return client
        .headers(headers -> toBackend(headers, request))
        .request(request.method())
        .uri(request.uri())
        .send(request.receive().retain())
        .response(
            (answer, body) -> {
              HttpHeaders headers = answer.responseHeaders().copy();
              HOP_BY_HOP.forEach(headers::remove);
              return response.status(answer.status()).headers(headers).send(body.retain());
            });
  }

  private static void toBackend(HttpHeaders headers, HttpServerRequest request) {
    headers.set(request.requestHeaders());
    HOP_BY_HOP.forEach(headers::remove);
    InetSocketAddress peer = request.remoteAddress();
    if (peer != null) {
      headers.set("x-forwarded-for", peer.getAddress().getHostAddress());
    }
  }
}
