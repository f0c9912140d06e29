package dev.sluice.gateway.proxy;

import dev.sluice.config.Configuration;
import dev.sluice.config.Listen;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.concurrent.EventExecutor;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The public port. Not to be started or stopped from an event loop: both wait, bounded. */
public final class FrontServer implements AutoCloseable {
  private static final int MAX_CHUNK = 64 * 1024;

  private final Configuration configuration;
  private final Transports transports;
  private final MultiThreadIoEventLoopGroup loops;
  private final Reception reception;
  private final UpstreamClient upstreams;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Channel listening;

  private FrontServer(DataPathServices services) {
    configuration = services.configuration();
    Listen listen = configuration.listen();
    transports = Transports.of(listen.transport());
    loops = transports.loops(listen.threads());
    Map<EventLoop, LoopPools> pools = new HashMap<>();
    for (EventExecutor executor : loops) {
      EventLoop loop = (EventLoop) executor;
      pools.put(loop, new LoopPools(loop, transports, services.nanos()));
    }
    reception = new Reception(services, Map.copyOf(pools));
    upstreams = new UpstreamClient(loops, Map.copyOf(pools));
    try {
      listening = bind(listen);
    } catch (RuntimeException e) {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw e;
    }
  }

  /** Listens; throws {@link IllegalStateException} with one sentence where the port is taken. */
  public static FrontServer start(DataPathServices services) {
    return new FrontServer(services);
  }

  private Channel bind(Listen listen) {
    var binding =
        new ServerBootstrap()
            .group(loops)
            .channel(transports.serverType())
            .option(ChannelOption.SO_BACKLOG, 1024)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new Initializer())
            .bind(listen.host(), listen.port())
            .awaitUninterruptibly();
    if (!binding.isSuccess()) {
      String why =
          binding.cause() instanceof BindException
              ? "the address is in use or not of this machine"
              : String.valueOf(binding.cause().getMessage());
      throw new IllegalStateException(
          "cannot listen on " + listen.host() + ":" + listen.port() + ": " + why);
    }
    return binding.channel();
  }

  /** The port that the system chose, or the configured one. */
  public int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  /** For replay: the same pools and event loops as live traffic. */
  public UpstreamClient upstreams() {
    return upstreams;
  }

  public boolean draining() {
    return reception.draining();
  }

  /** Connections that are open now. */
  public int connections() {
    return reception.connections();
  }

  /**
   * Stops gracefully: connections end after the answer that they wait for. True when all ended
   * within the time.
   */
  public boolean drain(Duration atMost) {
    reception.drain();
    listening.close();
    CountDownLatch empty = new CountDownLatch(1);
    var watch =
        loops
            .next()
            .scheduleAtFixedRate(
                () -> {
                  reception.drain();
                  if (reception.connections() == 0) {
                    empty.countDown();
                  }
                },
                10,
                25,
                TimeUnit.MILLISECONDS);
    try {
      return empty.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      watch.cancel(false);
    }
  }

  @Override
  public void close() {
    if (closed.getCount() == 0) {
      return;
    }
    closed.countDown();
    listening.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    reception.closeAll();
    loops
        .shutdownGracefully(50, 2000, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(3, TimeUnit.SECONDS);
  }

  /** The handlers of one client connection. */
  private final class Initializer extends ChannelInitializer<SocketChannel> {
    @Override
    protected void initChannel(SocketChannel channel) {
      Listen listen = configuration.listen();
      ClientHandler client = new ClientHandler(reception, listen);
      HttpDecoderConfig limits =
          new HttpDecoderConfig()
              .setMaxInitialLineLength(listen.maxRequestLine())
              .setMaxHeaderSize(listen.maxHeaders())
              .setMaxChunkSize(MAX_CHUNK);
      channel
          .pipeline()
          .addLast(new Arrivals(client), new StrictDecoder(limits), client.encoder(), client);
    }
  }

  /** Refuses what Netty would mend: two ways to say how long a body is (RFC 9112, section 6.3). */
  private static final class StrictDecoder extends HttpRequestDecoder {
    StrictDecoder(HttpDecoderConfig limits) {
      super(limits);
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
      throw new IllegalArgumentException("both Content-Length and Transfer-Encoding");
    }
  }

  /** Tells when the first bytes of a request arrive, which the decoder does not. */
  private static final class Arrivals extends ChannelInboundHandlerAdapter {
    private final ClientHandler client;

    Arrivals(ClientHandler client) {
      this.client = client;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      client.bytesArrived();
      ctx.fireChannelRead(message);
    }
  }
}
