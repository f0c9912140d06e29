package dev.sluice.demo.fault;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on 127.0.0.1 that can break the connection to its target in every way a network can.
 * One thread carries all connections; each public method may be called from any other thread,
 * returns when the change holds, and fails after ten seconds.
 */
public final class FaultProxy implements AutoCloseable {
  /** Small, so that {@link Mode#BLACK_HOLE} fills it in a moment. */
  private static final int BACKLOG = 64;

  private static final int FULL_AFTER_MILLIS = 150;
  private static final long DEADLINE_SECONDS = 10;

  private final InetSocketAddress target;
  private final HeldPort port;
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("fault-proxy", true), NioIoHandler.newFactory());

  // Touched on the event loop alone.
  private final Map<Channel, Link> links = new HashMap<>();
  private final Set<Integer> plugPorts = new HashSet<>();

  // Guarded by this.
  private final List<Socket> plugs = new ArrayList<>();
  private @Nullable Channel listener;

  private final @Nullable PacketFilter filter = PacketFilter.own().orElse(null);
  private volatile Mode mode = Mode.PASS;

  private FaultProxy(InetSocketAddress target, HeldPort port) {
    this.target = target;
    this.port = port;
  }

  /** Listens on a port chosen by the system and passes everything on to the target. */
  public static FaultProxy start(String host, int targetPort) {
    return start(host, targetPort, HeldPort.take());
  }

  /** The same on a port of the caller's, which becomes its own. */
  public static FaultProxy start(String host, int targetPort, HeldPort port) {
    FaultProxy proxy = new FaultProxy(new InetSocketAddress(host, targetPort), port);
    proxy.listen();
    return proxy;
  }

  public int port() {
    return port.number();
  }

  public Mode mode() {
    return mode;
  }

  /** Changes what happens to new and to open connections, from now on. */
  public synchronized void mode(Mode next) {
    unplug();
    if (filter != null) {
      filter(filter, next);
    } else {
      imitate(next);
    }
  }

  /** Where packets can be dropped, the network's faults are the kernel's doing. */
  private synchronized void filter(PacketFilter packets, Mode next) {
    packets.pass(port());
    imitate(next);
    if (next == Mode.BLACK_HOLE) {
      packets.drop(port());
    } else if (next == Mode.LOSSY) {
      packets.lose(port());
    }
  }

  private synchronized void imitate(Mode told) {
    mode = told;
    Mode next = imitated();
    if (next == Mode.REFUSE) {
      unlisten();
    } else {
      listen();
    }
    Channel open = listener;
    onLoop(
        () -> {
          if (open != null) {
            open.config().setAutoRead(next != Mode.BLACK_HOLE);
          }
          List.copyOf(links.values()).forEach(link -> apply(next, link));
        });
    if (next == Mode.BLACK_HOLE) {
      plug();
    }
  }

  /** Ends the proxy with every connection through it. */
  @Override
  public synchronized void close() {
    if (loop.isShuttingDown()) {
      return;
    }
    unplug();
    unlisten();
    onLoop(() -> List.copyOf(links.values()).forEach(Link::reset));
    loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    if (filter != null) {
      filter.pass(port());
    }
    port.close();
  }

  private Mode imitated() {
    boolean network = mode == Mode.BLACK_HOLE || mode == Mode.LOSSY;
    return filter != null && network ? Mode.PASS : mode;
  }

  private static void apply(Mode mode, Link link) {
    switch (mode) {
      case PASS, CUT, LATE, SLOW, LOSSY -> link.flow(mode);
      case BLACK_HOLE, SILENT -> link.freeze();
      case REFUSE, RESET -> link.reset();
      case CLOSE -> link.end();
    }
  }

  private synchronized void listen() {
    if (listener != null) {
      return;
    }
    listener =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    accepted(channel);
                  }
                })
            .bind(port.address())
            .syncUninterruptibly()
            .channel();
  }

  private synchronized void unlisten() {
    if (listener != null) {
      listener.close().syncUninterruptibly();
      listener = null;
      awaitRefusal();
      onLoop(plugPorts::clear);
    }
  }

  /** The kernel goes on listening until the selector has let go of the closed channel. */
  private void awaitRefusal() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (System.nanoTime() < end) {
      try (Socket probe = new Socket()) {
        probe.connect(port.address(), FULL_AFTER_MILLIS);
      } catch (IOException answer) {
        if (!(answer instanceof SocketTimeoutException)) {
          return;
        }
      }
    }
    throw new IllegalStateException("Port " + port() + " still listens");
  }

  private void accepted(SocketChannel channel) {
    if (plugPorts.remove(channel.remoteAddress().getPort())) {
      channel.close();
      return;
    }
    Link link = new Link(channel, target);
    links.put(channel, link);
    channel.closeFuture().addListener(closed -> links.remove(channel));
    // A channel still being set up cannot be read or reset.
    channel.eventLoop().execute(() -> apply(imitated(), link));
  }

  /** Fills the backlog, after which the kernel answers no connect any more. */
  private synchronized void plug() {
    boolean full = false;
    for (int i = 0; i < 2 * BACKLOG && !full; i++) {
      full = !plugged();
    }
  }

  private synchronized boolean plugged() {
    Socket socket = new Socket();
    plugs.add(socket);
    try {
      socket.bind(new InetSocketAddress("127.0.0.1", 0));
      int own = socket.getLocalPort();
      onLoop(() -> plugPorts.add(own));
      socket.connect(port.address(), FULL_AFTER_MILLIS);
      return true;
    } catch (SocketTimeoutException full) {
      int own = socket.getLocalPort();
      onLoop(() -> plugPorts.remove(own));
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("The backlog could not be filled", e);
    }
  }

  private synchronized void unplug() {
    for (Socket socket : plugs) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException("A plug could not be closed", e);
      }
    }
    plugs.clear();
  }

  private void onLoop(Runnable change) {
    Callable<Boolean> call =
        () -> {
          change.run();
          return true;
        };
    try {
      loop.submit(call).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("The fault proxy did not follow", e);
    }
  }
}
