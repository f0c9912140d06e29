package dev.sluice.gateway.proxy;

import io.netty.buffer.ByteBuf;
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
  /** Bytes of a piece that is worth copying, and of what they are joined in. */
  private static final int SMALL = 1536;

  private static final int JOINED = 2048;

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
    private @Nullable ByteBuf joined;
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
        part(context);
        context.flush();
        sent.run();
      }
    }

    /** Small pieces, such as a head and its short body, leave as one. */
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      if (message instanceof ByteBuf piece && promise.isVoid() && joins(context, piece)) {
        return;
      }
      part(context);
      context.write(message, promise);
    }

    private boolean joins(ChannelHandlerContext context, ByteBuf piece) {
      int length = piece.readableBytes();
      if (length > SMALL) {
        return false;
      }
      ByteBuf begun = joined;
      if (length > 0 && begun == null) {
        begun = context.alloc().buffer(JOINED);
        joined = begun;
      } else if (begun != null && begun.writableBytes() < length) {
        part(context);
        begun = context.alloc().buffer(JOINED);
        joined = begun;
      }
      if (begun != null) {
        begun.writeBytes(piece);
      }
      piece.release();
      return true;
    }

    private void part(ChannelHandlerContext context) {
      ByteBuf whole = joined;
      joined = null;
      if (whole != null) {
        context.write(whole, context.voidPromise());
      }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
      if (joined != null) {
        joined.release();
        joined = null;
      }
    }

    /** What was to be sent is sent first. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
      flushNow();
      part(context);
      context.close(promise);
    }
  }
}
