package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Channels that come and go within one round of events. */
final class HalfClosingEpollTest {
  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, HalfClosingEpoll.newFactory());

  @AfterEach
  void stop() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /** The new channel has the old one's file descriptor, of which an event is still to be told. */
  @Test
  void aNewChannelIsNotToldOfTheOneBeforeIt() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < 20; i++) {
        CompletableFuture<Boolean> connected = new CompletableFuture<>();
        Channel closing = connect(server, new ChannelInboundHandlerAdapter());
        try (Socket closingPeer = server.accept()) {
          Channel reading = connect(server, new Replacing(closing, server, connected));
          try (Socket readingPeer = server.accept()) {
            atOnce(
                () -> {
                  readingPeer.getOutputStream().write(1);
                  closingPeer.close();
                });
            assertThat(connected.get(5, TimeUnit.SECONDS)).as("attempt %d", i).isTrue();
            server.accept().close();
          }
          reading.close().sync();
        }
      }
    }
  }

  /** Both reach the loop in one round, because it is busy meanwhile. */
  private void atOnce(Happening happening) throws Exception {
    AtomicBoolean busy = new AtomicBoolean(true);
    CountDownLatch began = new CountDownLatch(1);
    loop.execute(
        () -> {
          began.countDown();
          while (busy.get()) {
            // a loop may not wait
          }
        });
    assertThat(began.await(5, TimeUnit.SECONDS)).isTrue();
    happening.happen();
    busy.set(false);
  }

  private interface Happening {
    void happen() throws IOException;
  }

  private Channel connect(ServerSocket server, ChannelInboundHandlerAdapter handler)
      throws InterruptedException {
    return bootstrap(handler)
        .connect(server.getInetAddress(), server.getLocalPort())
        .sync()
        .channel();
  }

  private Bootstrap bootstrap(ChannelInboundHandlerAdapter handler) {
    return new Bootstrap().group(loop).channel(EpollSocketChannel.class).handler(handler);
  }

  /** Closes one channel and opens another as soon as there is something to read. */
  private final class Replacing extends ChannelInboundHandlerAdapter {
    private final Channel closing;
    private final ServerSocket server;
    private final CompletableFuture<Boolean> connected;

    Replacing(Channel closing, ServerSocket server, CompletableFuture<Boolean> connected) {
      this.closing = closing;
      this.server = server;
      this.connected = connected;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
      closing.close();
      bootstrap(new ChannelInboundHandlerAdapter())
          .connect(server.getInetAddress(), server.getLocalPort())
          .addListener(done -> connected.complete(done.isSuccess()));
    }
  }
}
