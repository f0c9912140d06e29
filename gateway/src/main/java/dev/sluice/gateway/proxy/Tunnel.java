package dev.sluice.gateway.proxy;

import dev.sluice.gateway.proxy.upstream.UpstreamConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A WebSocket between client and backend (RFC 6455): bytes pass both ways, each as fast as the
 * other side takes them, until one side ends, both are silent for too long, or the gateway stops.
 * Then each side is told by a close frame, between two frames. Belongs to one event loop.
 */
final class Tunnel implements Exchange {
  /** How long the sides have to answer the gateway's farewell. */
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  private static final int GOING_AWAY = 1001;

  private final ClientHandler client;
  private final TunnelClient toClient;
  private final UpstreamConnection backend;
  private final Duration idle;
  private final FrameWatch fromClient = new FrameWatch();
  private final FrameWatch fromBackend = new FrameWatch();
  private boolean leaving;
  private boolean toldClient;
  private boolean toldBackend;
  private boolean ended;

  /**
   * @param backend has answered with 101; the tunnel's from now on
   */
  Tunnel(ClientHandler client, UpstreamConnection backend, Duration idle) {
    this.client = client;
    this.toClient = client.tunnel();
    this.backend = backend;
    this.idle = idle;
  }

  /** Passes the answer on, and everything after it. */
  void begin(HttpResponse switched) {
    client.exchange(this);
    backend.raw(new BackendEnd());
    toClient.begin(switched, this);
    client.deadline().set(idle);
  }

  /** Bytes of the client's, which are taken over. */
  void fromClient(ByteBuf bytes) {
    pass(bytes, fromClient, toldBackend);
    if (!bytes.isReadable() || toldBackend) {
      bytes.release();
    } else {
      backend.channel().write(bytes, backend.channel().voidPromise());
    }
    farewell();
    toClient.read(backend.channel().isWritable());
  }

  private void fromBackend(ByteBuf bytes) {
    pass(bytes, fromBackend, toldClient);
    if (!bytes.isReadable() || toldClient) {
      bytes.release();
    } else {
      toClient.write(bytes);
    }
    farewell();
    read(backend.channel(), client.answers().writable());
  }

  private void pass(ByteBuf bytes, FrameWatch watch, boolean dropped) {
    if (!leaving) {
      client.deadline().set(idle);
    }
    if (!dropped || leaving) {
      watch.see(bytes);
    }
  }

  private static void read(Channel channel, boolean wanted) {
    if (channel.config().isAutoRead() != wanted) {
      channel.config().setAutoRead(wanted);
    }
  }

  /** What was read from the client in one go has been passed on. */
  @Override
  public void readComplete() {
    backend.channel().flush();
  }

  @Override
  public void writabilityChanged() {
    read(backend.channel(), client.answers().writable());
  }

  /** A stop begins: both sides are told once, each between two frames. */
  @Override
  public void drain() {
    if (!leaving && !ended) {
      leaving = true;
      client.deadline().set(FAREWELL);
      farewell();
    }
  }

  private void farewell() {
    if (!leaving || ended) {
      return;
    }
    if (!toldClient && fromBackend.between() && !fromBackend.closed()) {
      toldClient = true;
      toClient.write(close(false));
      client.answers().flush();
    }
    if (!toldBackend && fromClient.between() && !fromClient.closed()) {
      toldBackend = true;
      backend.channel().writeAndFlush(close(true), backend.channel().voidPromise());
    }
    if (fromClient.closed()) {
      end();
    }
  }

  /** A close frame that says that this end goes away (RFC 6455, section 7.4.1). */
  private static ByteBuf close(boolean masked) {
    ByteBuf frame = Unpooled.buffer(8).writeByte(0x88).writeByte(masked ? 0x82 : 0x02);
    if (masked) {
      frame.writeInt(0); // a mask of zeros leaves the payload as it is
    }
    return frame.writeShort(GOING_AWAY);
  }

  /** What both have sent leaves first. */
  private void end() {
    if (ended) {
      return;
    }
    ended = true;
    Channel channel = backend.channel();
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> backend.drop());
    channel.eventLoop().schedule(backend::drop, FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
    client.deadline().set(FAREWELL);
    toClient.end();
  }

  @Override
  public void content(HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    fromClient(content.content());
    readComplete();
    if (last) {
      end();
    }
  }

  @Override
  public void refuse(Problem problem) {
    end();
  }

  @Override
  public void clientGone() {
    end();
  }

  @Override
  public void deadlinePassed() {
    if (ended) {
      client.abort();
    } else if (leaving) {
      end();
    } else {
      drain();
    }
  }

  /** Stands in the backend's pipeline where its answers were read. */
  private final class BackendEnd extends RawEnd {
    @Override
    void bytes(ByteBuf bytes) {
      fromBackend(bytes);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      client.answers().flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      toClient.read(ctx.channel().isWritable());
    }

    @Override
    void over() {
      end();
    }
  }
}
