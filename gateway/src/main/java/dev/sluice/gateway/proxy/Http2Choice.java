package dev.sluice.gateway.proxy;

import dev.sluice.config.Listen;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.List;

/**
 * Turns a connection over to HTTP/2 where its client speaks that: by its word in the TLS handshake
 * (RFC 9113, section 3.2), without TLS by its first bytes (section 3.3). Leaves the pipeline once
 * it is known which it is.
 */
final class Http2Choice extends ByteToMessageDecoder {
  private static final ByteBuf PREFACE =
      Unpooled.unreleasableBuffer(Http2CodecUtil.connectionPrefaceBuf());

  private final Reception reception;
  private final Listen listen;
  private final ClientHandler client;

  /**
   * @param client serves the connection until then, and after it where it speaks HTTP/1.1
   */
  Http2Choice(Reception reception, Listen listen, ClientHandler client) {
    this.reception = reception;
    this.listen = listen;
    this.client = client;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    int known = Math.min(in.readableBytes(), PREFACE.readableBytes());
    for (int i = 0; i < known; i++) {
      if (in.getByte(in.readerIndex() + i) != PREFACE.getByte(i)) {
        ctx.pipeline().remove(this);
        return;
      }
    }
    if (known == PREFACE.readableBytes()) {
      turnOver(ctx.pipeline());
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    if (event instanceof SslHandshakeCompletionEvent shaken && shaken.isSuccess() && tls != null) {
      if (ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol())) {
        turnOver(ctx.pipeline());
      } else {
        ctx.pipeline().remove(this);
      }
    }
    super.userEventTriggered(ctx, event);
  }

  private void turnOver(ChannelPipeline pipeline) {
    pipeline.remove(client.decoder());
    pipeline.remove(client.encoder());
    pipeline.remove(client);
    Http2Link.install(pipeline, reception, listen, client.peer());
    pipeline.remove(this);
  }
}
