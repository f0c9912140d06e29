package dev.sluice.gateway.proxy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Sends what one turn of an event loop wrote at the end of that turn, connection after connection.
 * Whoever receives is woken once for many messages instead of once for each, which is most of what
 * a small write costs; what is sent waits for the rest of the turn, some microseconds. A connection
 * that has much to send does not wait. Belongs to one event loop.
 */
final class FlushBatch {
  private final Executor loop;
  private final Runnable turnEnds = this::flush;
  private List<Late> waiting = new ArrayList<>();
  private List<Late> flushing = new ArrayList<>();

  FlushBatch(Executor loop) {
    this.loop = loop;
  }

  /**
   * Stands first in a connection's pipeline.
   *
   * @param sent called after each flush, when what the connection could take has left
   */
  Late newHandler(Runnable sent) {
    return new Late(sent);
  }

  private void flush() {
    List<Late> due = waiting;
    waiting = flushing;
    flushing = due;
    for (int i = 0; i < due.size(); i++) {
      due.get(i).flushNow();
    }
    due.clear();
  }

  /** Delays a connection's flushes to the end of the turn. */
  final class Late extends ChannelOutboundHandlerAdapter {
    private final Runnable sent;
    private @Nullable ChannelHandlerContext ctx;
    private boolean due;

    private Late(Runnable sent) {
      this.sent = sent;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
      ctx = added;
    }

    @Override
    public void flush(ChannelHandlerContext context) {
      if (!context.channel().isWritable()) {
        due = true;
        flushNow();
      } else if (!due) {
        due = true;
        if (waiting.isEmpty()) {
          loop.execute(turnEnds);
        }
        waiting.add(this);
      }
    }

    private void flushNow() {
      ChannelHandlerContext context = ctx;
      if (due && context != null) {
        due = false;
        context.flush();
        sent.run();
      }
    }

    /** What was to be sent is sent first. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
      flushNow();
      context.close(promise);
    }
  }
}
