package dev.sluice.gateway.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;

/** A connection that has become a WebSocket (RFC 6455, section 4). */
final class TunnelOverHttp1 implements TunnelClient {
  private final ClientHandler client;

  TunnelOverHttp1(ClientHandler client) {
    this.client = client;
  }

  @Override
  public void begin(HttpResponse switched, Tunnel tunnel) {
    switched
        .headers()
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
        .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
    client.answers().interim(switched);
    ChannelPipeline pipeline = channel().pipeline();
    pipeline.remove(client.encoder());
    pipeline.replace(client.decoder(), null, new End(tunnel));
  }

  private Channel channel() {
    return client.context().channel();
  }

  @Override
  public void write(ByteBuf bytes) {
    client.answers().write(bytes);
  }

  @Override
  public void read(boolean wanted) {
    if (channel().config().isAutoRead() != wanted) {
      channel().config().setAutoRead(wanted);
    }
  }

  @Override
  public void end() {
    client.context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  private static final class End extends RawEnd {
    private final Tunnel tunnel;

    End(Tunnel tunnel) {
      this.tunnel = tunnel;
    }

    @Override
    void bytes(ByteBuf bytes) {
      tunnel.fromClient(bytes);
    }

    @Override
    void over() {
      tunnel.clientGone();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      tunnel.readComplete();
    }
  }
}
