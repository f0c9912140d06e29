package dev.sluice.gateway.proxy.upstream;

import dev.sluice.gateway.proxy.http2.ClientStream;
import dev.sluice.gateway.proxy.upstream.UpstreamPool.Waiter;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;

/**
 * One connection to a backend that speaks HTTP/2 (RFC 9113): each exchange has a stream of its own.
 * Belongs to one event loop.
 */
final class Link extends ChannelInboundHandlerAdapter {
  /** At once, however many the backend would take. */
  static final int MOST_STREAMS = 100;

  private static final int STREAM_WINDOW = 256 * 1024;
  private static final int LINK_WINDOW = 2 * 1024 * 1024;
  private static final int USUAL_WINDOW = 65_535;
  private static final int MOST_HEADERS = 64 * 1024;
  private static final long STOP_MILLIS = 2000;

  private final EndpointPool home;
  private final UpstreamConnection connection;
  private final Http2FrameCodec codec;
  private final long expires;
  private int streams;
  private long idleSince;
  private boolean leaving;

  /**
   * @param connection stands; it is the link's from now on
   * @param expires when no further stream is opened
   */
  Link(EndpointPool home, UpstreamConnection connection, long expires) {
    this.home = home;
    this.connection = connection;
    this.expires = expires;
    this.idleSince = home.pool().now();
    this.codec =
        Http2FrameCodecBuilder.forClient()
            .initialSettings(
                Http2Settings.defaultSettings()
                    .pushEnabled(false)
                    .initialWindowSize(STREAM_WINDOW)
                    .maxHeaderListSize(MOST_HEADERS))
            .gracefulShutdownTimeoutMillis(STOP_MILLIS)
            .build();
  }

  /** Takes the connection over. */
  void begin() {
    ChannelPipeline pipeline = connection.channel().pipeline();
    pipeline.addLast(codec, new Http2MultiplexHandler(new Unasked()), this, connection.handler());
    connection.linked();
    pipeline.writeAndFlush(new DefaultHttp2WindowUpdateFrame(LINK_WINDOW - USUAL_WINDOW));
  }

  /** Backends open no streams: push is off. */
  @Sharable
  private static final class Unasked extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
      ctx.close();
    }
  }

  /** Whether a further exchange may begin here. */
  boolean hasRoom(long now) {
    return !leaving
        && streams < MOST_STREAMS
        && now - expires < 0
        && connection.channel().isActive()
        && codec.connection().local().canOpenStream();
  }

  /**
   * Opens a stream for an exchange.
   *
   * @param reused the backend may be closing the connection
   */
  void open(Waiter waiter, boolean trial, boolean reused) {
    UpstreamConnection stream = new UpstreamConnection(home, trial);
    streams++;
    Future<Http2StreamChannel> opening =
        new Http2StreamChannelBootstrap(connection.channel())
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    stream.over(channel);
                    boolean secure = home.pool().secure();
                    channel.pipeline().addLast(new ClientStream(secure), stream.handler());
                  }
                })
            .open();
    opening.addListener(
        done -> {
          if (done.isSuccess()) {
            opening.getNow().closeFuture().addListener(closed -> ended());
            waiter.connected(stream, reused);
          } else {
            ended();
            stream.ended();
            waiter.refused(opening.cause());
          }
        });
  }

  private void ended() {
    streams--;
    idleSince = home.pool().now();
    if (streams == 0 && leaving) {
      connection.close();
    }
    home.links().roomFor(this);
  }

  /** Closes it where it has been idle for long, or its time is over. */
  void sweep(long now) {
    boolean old = now - expires >= 0;
    if (streams == 0 && (old || now - idleSince >= home.pool().idleNanos())) {
      leave();
    }
  }

  /** Opens no further stream, and closes with the last. */
  void leave() {
    leaving = true;
    home.gone(this);
    if (streams == 0) {
      connection.close();
    }
  }

  /** What belongs to no stream; the backend's farewell is the only thing that matters here. */
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    boolean farewell = message instanceof Http2GoAwayFrame;
    ReferenceCountUtil.release(message);
    if (farewell) {
      leave();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    ReferenceCountUtil.release(event);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    // nothing of it is an exchange's
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    leaving = true;
    home.gone(this);
    ctx.fireChannelInactive();
  }

  /** The codec says what was wrong, and ends the connection where it has to. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    leaving = true;
    home.gone(this);
  }
}
