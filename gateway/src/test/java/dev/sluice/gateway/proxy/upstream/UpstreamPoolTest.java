package dev.sluice.gateway.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Backend;
import dev.sluice.gateway.health.Postures;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class UpstreamPoolTest {
  /** The gateway makes contexts on threads that may block; here the loop makes one. */
  @BeforeAll
  static void load() throws SSLException {
    assertThat(SslContextBuilder.forClient().build().isClient()).isTrue();
  }

  /** The context is made between two turns of the loop, so that the loop was not told of it yet. */
  @Test
  void whatBecameKnownThisMomentIsUsed() throws Exception {
    Queue<Runnable> files = new ArrayDeque<>();
    var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try (ServerSocket there = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      there.setSoTimeout(5_000);
      Backend backend = backend(there.getLocalPort());
      EventLoop loop = loops.next();
      CompletableFuture<String> outcome = new CompletableFuture<>();
      loop.execute(
          () -> {
            UpstreamPool pool = pool(backend, loop, files);
            files.remove().run();
            pool.acquireNew(null, telling(outcome));
          });
      there.accept().close();
      assertThat(outcome.get(10, TimeUnit.SECONDS)).doesNotContain("UnknownHost");
    } finally {
      loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }
  }

  private static Backend backend(int port) {
    return Postures.configuration(
            """
            environment: test
            mode: enforce
            listen: { port: 0 }
            admin: { port: 0 }
            backends:
              - { id: orders, url: "https://127.0.0.1:%d" }
            routes:
              - { id: api, match: { path: "/api/**" }, backend: orders }
            """
                .formatted(port))
        .backend("orders")
        .orElseThrow();
  }

  private static UpstreamPool pool(Backend backend, EventLoop loop, Queue<Runnable> files) {
    AddressBook book =
        new AddressBook(
            backend,
            loop,
            on -> {
              throw new AssertionError("an address needs no name server");
            },
            System::nanoTime);
    TlsClient tls = new TlsClient(backend, new Backend.Tls(null, null), files::add);
    return new UpstreamPool(
        new Upstream(backend, book, tls),
        loop,
        UpstreamPool.bootstrap(loop, NioSocketChannel.class, PooledByteBufAllocator.DEFAULT),
        ChannelInboundHandlerAdapter::new,
        System::nanoTime);
  }

  private static UpstreamPool.Waiter telling(CompletableFuture<String> outcome) {
    return new UpstreamPool.Waiter() {
      @Override
      public void connected(UpstreamConnection connection, boolean reused) {
        outcome.complete("connected");
      }

      @Override
      public void refused(Throwable cause) {
        outcome.complete(cause.toString());
      }
    };
  }
}
