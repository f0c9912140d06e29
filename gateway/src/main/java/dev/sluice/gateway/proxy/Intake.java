package dev.sluice.gateway.proxy;

import dev.sluice.gateway.proxy.http1.Limits;
import dev.sluice.gateway.proxy.http1.RequestDecoder;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a client has sent and nobody has taken yet, and whether more of it is read. Where much
 * waits, or an exchange holds it, neither the socket is read nor what was read from it before.
 */
final class Intake {
  private static final int MAX_WAITING = 32;

  private final RequestDecoder decoder;
  private final BooleanSupplier over;
  private final Consumer<Exception> failed;
  private final ArrayDeque<Object> waiting = new ArrayDeque<>();
  private @Nullable ChannelHandlerContext ctx;
  private boolean held;

  /**
   * @param over whether nothing is taken any more
   * @param failed told where reading on failed
   */
  Intake(Limits limits, BooleanSupplier over, Consumer<Exception> failed) {
    this.decoder = new RequestDecoder(limits, this::full);
    this.over = over;
    this.failed = failed;
  }

  RequestDecoder decoder() {
    return decoder;
  }

  void opened(ChannelHandlerContext context) {
    ctx = context;
  }

  void add(Object message) {
    waiting.add(message);
  }

  /** What came first of what waits, or null. */
  @Nullable Object first() {
    return waiting.peek();
  }

  /** Takes the first one out. */
  void taken() {
    waiting.remove();
  }

  boolean empty() {
    return waiting.isEmpty();
  }

  /** Whether a request has begun to arrive whose head or body is not complete. */
  boolean unfinished() {
    return decoder.unfinished();
  }

  /** Whether anything came that was not taken. */
  boolean unread() {
    return !waiting.isEmpty() || decoder.unfinished();
  }

  /** Stops or resumes reading from the client. */
  void hold(boolean stop) {
    held = stop;
    read();
  }

  private boolean full() {
    return held || waiting.size() >= MAX_WAITING;
  }

  /** Reads, or stops to, as there is room. */
  void read() {
    ChannelHandlerContext context = Objects.requireNonNull(ctx);
    boolean wanted = !full();
    if (wanted && decoder.stopped() && !over.getAsBoolean()) {
      context.channel().eventLoop().execute(this::more);
    }
    if (context.channel().config().isAutoRead() != wanted) {
      context.channel().config().setAutoRead(wanted);
    }
  }

  /** Reads on in what has arrived already. */
  private void more() {
    ChannelHandlerContext reading = Objects.requireNonNull(ctx).pipeline().context(decoder);
    try {
      if (reading != null && !full()) {
        decoder.more(reading);
      }
    } catch (Exception e) {
      failed.accept(e);
    }
  }

  /** Lets go of what waits. */
  void drop() {
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }
}
