package dev.sluice.demo.fault;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client connection and its way to the target. Both ends live on the same event loop, and every
 * method is called there.
 */
final class Link {
  private final Channel client;
  private final InetSocketAddress target;
  private final Tampering tampering = new Tampering();
  private @Nullable Channel upstream;
  private boolean dialled;
  private boolean frozen;

  Link(Channel client, InetSocketAddress target) {
    this.client = client;
    this.target = target;
  }

  /**
   * Lets bytes pass, connecting to the target first where that has not happened yet.
   *
   * @param mode what is done to them on the way
   */
  void flow(Mode mode) {
    frozen = false;
    tampering.mode(mode);
    if (!dialled) {
      dialled = true;
      dial();
      return;
    }
    Channel other = upstream;
    if (other != null) {
      readBoth(other);
    }
  }

  /** Reads nothing from either end, so that neither bytes nor an end of the connection pass. */
  void freeze() {
    frozen = true;
    client.config().setAutoRead(false);
    if (upstream != null) {
      upstream.config().setAutoRead(false);
    }
  }

  /** Ends both connections with an RST. */
  void reset() {
    rst(client);
    if (upstream != null) {
      rst(upstream);
    }
  }

  /** Ends both connections with a FIN. */
  void end() {
    client.close();
    if (upstream != null) {
      upstream.close();
    }
  }

  static void rst(Channel channel) {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.close();
    }
  }

  private void dial() {
    new Bootstrap()
        .group(client.eventLoop())
        .channel(NioSocketChannel.class)
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 2_000)
        .handler(new Pump(client))
        .connect(target)
        .addListener((ChannelFutureListener) this::dialled);
  }

  private void dialled(ChannelFuture connect) {
    if (!connect.isSuccess()) {
      rst(client);
      return;
    }
    Channel other = connect.channel();
    upstream = other;
    if (!client.isOpen()) {
      other.close();
      return;
    }
    client.pipeline().addLast(new Pump(other));
    if (!frozen) {
      readBoth(other);
    }
  }

  private void readBoth(Channel other) {
    client.config().setAutoRead(other.isWritable());
    other.config().setAutoRead(client.isWritable());
  }

  /** Carries what one end reads to the other, no faster than the other takes it. */
  private final class Pump extends ChannelInboundHandlerAdapter {
    private final Channel other;
    private final Deque<Runnable> waiting = new ArrayDeque<>();

    Pump(Channel other) {
      this.other = other;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
      boolean asked = ctx.channel().equals(client);
      if (asked && tampering.cuts()) {
        ReferenceCountUtil.release(bytes);
        reset();
        return;
      }
      int size = ((ByteBuf) bytes).readableBytes();
      inOrder(ctx, tampering.delayMillis(asked, size), () -> other.writeAndFlush(bytes));
    }

    /** What must wait waits behind what waits already: timers alone would let it overtake. */
    private void inOrder(ChannelHandlerContext ctx, long wait, Runnable step) {
      if (wait == 0 && waiting.isEmpty()) {
        step.run();
      } else {
        waiting.add(step);
        ctx.executor()
            .schedule(() -> waiting.remove().run(), Math.max(1, wait), TimeUnit.MILLISECONDS);
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      if (!frozen) {
        other.config().setAutoRead(ctx.channel().isWritable());
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      inOrder(ctx, tampering.heldMillis(), this::endOther);
    }

    private void endOther() {
      if (other.isOpen()) {
        other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      rst(ctx.channel());
      rst(other);
    }
  }
}
