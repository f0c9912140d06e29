package dev.sluice.gateway.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;

/** Takes the bytes of a connection that speaks HTTP no more; that it ended goes on as before. */
abstract class RawEnd extends ChannelInboundHandlerAdapter {
  /** Bytes that arrived, to be taken over. */
  abstract void bytes(ByteBuf bytes);

  /** Nothing more will arrive. */
  abstract void over();

  /** The last pieces of HTTP that were read before are nobody's any more. */
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof ByteBuf bytes) {
      bytes(bytes);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      over();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    over();
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
