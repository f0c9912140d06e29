package dev.sluice.gateway.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import org.jspecify.annotations.Nullable;

/** Writes the frames of one stream and knows which of them have left. */
final class FrameWriter implements Outflow {
  /** Bytes of a DATA frame: no more fit where nothing else was agreed. */
  private static final int PIECE = 16 * 1024;

  private final GenericFutureListener<Future<? super Void>> left = done -> left();
  private int waiting;
  private long passed;
  private long seen;
  private @Nullable Runnable afterwards;

  void head(ChannelHandlerContext ctx, Http2Headers fields, boolean ends) {
    send(ctx, new DefaultHttp2HeadersFrame(fields, ends));
  }

  /** Takes the bytes over. */
  void data(ChannelHandlerContext ctx, ByteBuf bytes, boolean ends) {
    while (bytes.readableBytes() > PIECE) {
      send(ctx, new DefaultHttp2DataFrame(bytes.readRetainedSlice(PIECE), false));
    }
    send(ctx, new DefaultHttp2DataFrame(bytes, ends));
  }

  private void send(ChannelHandlerContext ctx, Object frame) {
    waiting++;
    ctx.write(frame).addListener(left);
  }

  private void left() {
    waiting--;
    passed++;
    Runnable then = afterwards;
    if (waiting == 0 && then != null) {
      afterwards = null;
      then.run();
    }
  }

  @Override
  public void afterwards(Runnable then) {
    if (waiting == 0) {
      then.run();
    } else {
      afterwards = then;
    }
  }

  @Override
  public boolean pending() {
    return waiting > 0;
  }

  @Override
  public boolean moved() {
    boolean moved = passed != seen;
    seen = passed;
    return moved;
  }
}
