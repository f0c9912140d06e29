package dev.sluice.gateway.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.function.Consumer;

/**
 * The gate of a port where every connection must begin with a PROXY header. It tells whom the
 * connection is from and goes; the rest passes it untouched. A peer that is not trusted, another
 * beginning, or an end before the header is complete: closed without an answer. Until then the
 * connection has the deadline of its first request's head.
 */
final class ProxyHeaderDecoder extends ByteToMessageDecoder {
  private final Consumer<ProxyHeader> told;
  private final Peer end;
  private boolean refused;

  /**
   * @param end the connection's other end
   */
  ProxyHeaderDecoder(Peer end, Consumer<ProxyHeader> told) {
    this.end = end;
    this.told = told;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) throws Exception {
    if (end.trusted()) {
      super.channelActive(ctx);
    } else {
      refuse(ctx);
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (refused) {
      in.skipBytes(in.readableBytes());
      return;
    }
    try {
      ProxyHeader header = ProxyHeader.read(in);
      if (header != null) {
        in.skipBytes(header.length());
        told.accept(header);
        ctx.pipeline().remove(this);
      }
    } catch (ProxyHeader.Unreadable e) {
      in.skipBytes(in.readableBytes());
      refuse(ctx);
    }
  }

  private void refuse(ChannelHandlerContext ctx) {
    refused = true;
    ctx.close();
  }
}
