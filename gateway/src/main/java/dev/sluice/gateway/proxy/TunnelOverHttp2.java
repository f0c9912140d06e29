package dev.sluice.gateway.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;

/** A stream that has become a WebSocket (RFC 8441, section 5). */
final class TunnelOverHttp2 implements TunnelClient {
  private final ClientHandler client;

  TunnelOverHttp2(ClientHandler client) {
    this.client = client;
  }

  /** With 200 in place of 101, and without what answers a key that was never sent. */
  @Override
  public void begin(HttpResponse switched, Tunnel tunnel) {
    HttpResponse opened =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, switched.headers());
    opened.headers().remove(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
    client.answers().write(opened);
    client.answers().flush();
  }

  @Override
  public void write(ByteBuf bytes) {
    client.answers().write(new DefaultHttpContent(bytes));
  }

  @Override
  public void read(boolean wanted) {
    client.hold(!wanted);
  }

  @Override
  public void end() {
    client.answers().write(LastHttpContent.EMPTY_LAST_CONTENT);
    client.answered();
  }
}
