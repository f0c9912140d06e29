package dev.sluice.probes.ladder;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * One TCP connection that asks and is answered, one exchange at a time; it reads only while an
 * exchange waits. Its socket belongs to {@link Sockets}, which closes it.
 */
final class Line {
  private static final String END = "end";

  private final Channel channel;

  private Line(Channel channel) {
    this.channel = channel;
  }

  /** Connects to one address; the limit is the connect's own timeout. */
  static Mono<Line> connect(Sockets sockets, InetSocketAddress address, Duration limit) {
    return connect(sockets::bootstrap, address, limit);
  }

  /** The same to a socket's file. */
  static Mono<Line> connect(Sockets sockets, UnixDomainSocketAddress file, Duration limit) {
    return connect(sockets::local, file, limit);
  }

  private static Mono<Line> connect(
      Supplier<Bootstrap> bootstrap, SocketAddress address, Duration limit) {
    return Mono.create(
        sink -> {
          ChannelFuture connecting =
              bootstrap
                  .get()
                  .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) limit.toMillis())
                  .option(ChannelOption.AUTO_READ, false)
                  .handler(new Ending())
                  .connect(address);
          sink.onCancel(() -> connecting.channel().close());
          connecting.addListener(
              done -> {
                if (done.isSuccess()) {
                  sink.success(new Line(connecting.channel()));
                } else {
                  sink.error(done.cause());
                }
              });
        });
  }

  /** Where this line ends. */
  InetSocketAddress remote() {
    return (InetSocketAddress) channel.remoteAddress();
  }

  /** Sends the request and waits for what the parser makes of the answer. */
  <T> Mono<T> exchange(byte[] request, Reader.Parser<T> parser) {
    return Mono.create(
        sink ->
            channel
                .eventLoop()
                .execute(
                    () -> {
                      channel.pipeline().addBefore(END, null, new Reader<>(sink, parser));
                      channel
                          .writeAndFlush(Unpooled.wrappedBuffer(request))
                          .addListener(sent -> failed(sink, (ChannelFuture) sent));
                      channel.config().setAutoRead(true);
                    }));
  }

  /** Shakes hands as a TLS client; the context says what is verified. */
  Mono<Line> secure(SslContext context, Executor tasks, String host, Duration limit) {
    return Mono.create(
        sink ->
            channel
                .eventLoop()
                .execute(
                    () -> {
                      SslHandler tls =
                          TlsHandlers.client(context, channel, host, remote().getPort(), tasks);
                      tls.setHandshakeTimeoutMillis(limit.toMillis());
                      tls.handshakeFuture().addListener(done -> shaken(sink, done.cause()));
                      channel.pipeline().addFirst(tls);
                      channel.config().setAutoRead(true);
                    }));
  }

  /** The certificate that the other side has shown; empty where there is none that can be read. */
  Mono<X509Certificate> certificate() {
    return certificate(channel);
  }

  /** The same of any channel. */
  static Mono<X509Certificate> certificate(Channel channel) {
    return Mono.fromCallable(
        () -> {
          SslHandler tls = channel.pipeline().get(SslHandler.class);
          Certificate[] shown =
              tls == null ? new Certificate[0] : tls.engine().getSession().getPeerCertificates();
          return shown.length > 0 && shown[0] instanceof X509Certificate own ? own : null;
        });
  }

  /** Closes at once. */
  void close() {
    channel.close();
  }

  private void shaken(MonoSink<Line> sink, @Nullable Throwable cause) {
    if (cause != null) {
      sink.error(cause);
    } else {
      channel.config().setAutoRead(false);
      sink.success(this);
    }
  }

  private static void failed(MonoSink<?> sink, ChannelFuture sent) {
    Throwable cause = sent.cause();
    if (cause != null) {
      sink.error(cause);
    }
  }

  private static final class Ending extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      channel.pipeline().addLast(END, new End());
    }
  }

  /** Drops what nobody waits for. */
  private static final class End extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
