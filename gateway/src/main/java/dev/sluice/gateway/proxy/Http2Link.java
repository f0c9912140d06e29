package dev.sluice.gateway.proxy;

import dev.sluice.config.Listen;
import dev.sluice.gateway.proxy.http2.ServerStream;
import dev.sluice.gateway.proxy.http2.StreamOrder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One client connection that speaks HTTP/2 (RFC 9113). Each of its streams is served like a
 * connection with one request. Its limits are those of an edge: few streams at once, small windows,
 * and an end for who keeps the gateway busy with frames that ask for nothing.
 */
final class Http2Link extends ChannelInboundHandlerAdapter implements ClientConnection {
  /** At once (RFC 9113, section 5.1.2). */
  static final int STREAMS = 100;

  private static final int STREAM_WINDOW = 64 * 1024;
  private static final int LINK_WINDOW = 1024 * 1024;
  private static final int USUAL_WINDOW = 65_535;

  /** Resets by either side in so many seconds, frames without content, small continuations. */
  private static final int MOST_RESETS = 200;

  private static final int RESET_SECONDS = 10;
  private static final int MOST_EMPTY = 2;
  private static final int MOST_CONTINUATIONS = 16;
  private static final int MOST_UNSENT_CONTROL = 1000;

  /** SETTINGS and PING, in so long. */
  private static final int MOST_CONTROL = 200;

  private static final long CONTROL_NANOS = Duration.ofSeconds(10).toNanos();

  /** Between the word that the end is near and the last stream that is taken. */
  private static final long NOTICE_NANOS = Duration.ofMillis(250).toNanos();

  private final Reception reception;
  private final Listen listen;
  private final Peer peer;
  private @Nullable ChannelHandlerContext ctx;
  private @Nullable LazyDeadline deadline;
  private int streams;
  private int control;
  private long controlSince;
  private long noticed;
  private boolean noticing;
  private boolean refusing;

  private Http2Link(Reception reception, Listen listen, Peer peer) {
    this.reception = reception;
    this.listen = listen;
    this.peer = peer.overHttp2();
  }

  /** Puts it, and what it needs, at the end of a connection's pipeline. */
  static void install(ChannelPipeline pipeline, Reception reception, Listen listen, Peer peer) {
    Http2Link link = new Http2Link(reception, listen, peer);
    pipeline.addLast(
        new StreamOrder(), codec(listen), new Http2MultiplexHandler(link.streams()), link);
  }

  private static Http2FrameCodec codec(Listen listen) {
    return Http2FrameCodecBuilder.forServer()
        .initialSettings(
            Http2Settings.defaultSettings()
                .maxConcurrentStreams(STREAMS)
                .initialWindowSize(STREAM_WINDOW)
                .connectProtocolEnabled(true)
                .maxHeaderListSize(listen.maxHeaders()))
        .decoderEnforceMaxConsecutiveEmptyDataFrames(MOST_EMPTY)
        .decoderEnforceMaxRstFramesPerWindow(MOST_RESETS, RESET_SECONDS)
        .encoderEnforceMaxRstFramesPerWindow(MOST_RESETS, RESET_SECONDS)
        .decoderEnforceMaxSmallContinuationFrames(MOST_CONTINUATIONS)
        .encoderEnforceMaxQueuedControlFrames(MOST_UNSENT_CONTROL)
        .gracefulShutdownTimeoutMillis(listen.drain().toMillis())
        .build();
  }

  private ChannelInitializer<Channel> streams() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel stream) {
        opened();
        stream.closeFuture().addListener(done -> closed());
        ServerStream frames = new ServerStream();
        stream
            .pipeline()
            .addLast(frames, new ClientHandler(reception, listen, peer, frames.outflow()));
      }
    };
  }

  private void opened() {
    streams++;
    deadline().clear();
  }

  private void closed() {
    streams--;
    if (streams == 0) {
      deadline().set(listen.idle());
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    ctx = added;
    deadline =
        new LazyDeadline(
            added.channel().eventLoop(), reception.services().nanos(), () -> context().close());
    deadline.set(listen.headerDeadline());
    added.write(new DefaultHttp2WindowUpdateFrame(LINK_WINDOW - USUAL_WINDOW));
    reception.joined(this);
  }

  /** What belongs to no stream: settings, pings, a farewell. */
  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
    long now = reception.services().nanos().getAsLong();
    if (control == 0 || now - controlSince > CONTROL_NANOS) {
      controlSince = now;
      control = 0;
    }
    control++;
    if (control > MOST_CONTROL) {
      context
          .writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.ENHANCE_YOUR_CALM))
          .addListener(ChannelFutureListener.CLOSE);
    } else if (streams == 0) {
      deadline().set(listen.idle());
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      context.close();
    }
    ReferenceCountUtil.release(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof Http2Exception) {
      return; // the codec says what was wrong, and ends the connection where it has to
    }
    if (!Reasons.peers(cause)) {
      reception.services().observer().fault("client connection", cause);
    }
    context.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    deadline().close();
    reception.left(this);
    context.fireChannelInactive();
  }

  @Override
  public EventLoop loop() {
    return context().channel().eventLoop();
  }

  /**
   * First the word that it ends, so that what is under way arrives; then no further stream (RFC
   * 9113, section 6.8).
   */
  @Override
  public void drain() {
    long now = reception.services().nanos().getAsLong();
    if (!noticing) {
      noticing = true;
      noticed = now;
      DefaultHttp2GoAwayFrame notice = new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR);
      notice.setExtraStreamIds(Integer.MAX_VALUE);
      context().writeAndFlush(notice);
    } else if (now - noticed > NOTICE_NANOS) {
      refuse();
    }
  }

  private void refuse() {
    if (!refusing) {
      refusing = true;
      context().writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
    }
    if (streams == 0) {
      context().close();
    }
  }

  @Override
  public void close() {
    context().channel().close();
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(ctx);
  }

  private LazyDeadline deadline() {
    return Objects.requireNonNull(deadline);
  }
}
