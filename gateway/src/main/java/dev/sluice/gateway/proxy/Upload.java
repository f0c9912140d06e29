package dev.sluice.gateway.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A request's body on its way up, as fast as the backend takes it. Pieces that arrive before there
 * is a connection wait; small bodies are kept until the answer begins, so that they can be sent
 * once more. Belongs to one exchange; {@link #close} lets go of every buffer.
 */
final class Upload {
  /** Bytes that are kept for another attempt. */
  static final int REPEATABLE = 64 * 1024;

  private final ClientHandler client;
  private final long limit;
  private final @Nullable Body kept;
  private final ArrayDeque<HttpContent> early = new ArrayDeque<>(1);
  private final ArrayDeque<ByteBuf> sent = new ArrayDeque<>(1);
  private @Nullable Channel channel;
  private @Nullable LastHttpContent last;
  private boolean repeatable = true;
  private boolean refused;
  private boolean closed;
  private long bytes;
  private long counted;

  /**
   * @param limit bytes that the body may have
   * @param kept where the body is gathered for the write queue; null where it is not
   */
  Upload(ClientHandler client, long limit, @Nullable Body kept) {
    this.client = client;
    this.limit = limit;
    this.kept = kept;
  }

  /** Takes a piece over; false once the body is longer than it may be. */
  boolean add(HttpContent piece) {
    boolean ends = piece instanceof LastHttpContent;
    bytes += piece.content().readableBytes();
    if (closed || bytes > limit) {
      piece.release();
      return closed;
    }
    if (ends) {
      last = (LastHttpContent) piece;
    }
    if (kept != null) {
      kept.add(piece.content(), ends);
    }
    if (channel == null && !refused) {
      early.add(piece);
    } else {
      send(piece);
    }
    return true;
  }

  private void send(HttpContent piece) {
    Channel to = channel;
    remember(piece.content());
    if (to == null || refused) {
      piece.release();
      return;
    }
    to.write(Headers.withTrailers(piece), to.voidPromise());
    if (piece instanceof LastHttpContent) {
      to.flush();
    }
  }

  private void remember(ByteBuf piece) {
    if (!repeatable || !piece.isReadable()) {
      return;
    }
    if (bytes > REPEATABLE) {
      forget();
    } else {
      sent.add(piece.retainedDuplicate());
    }
  }

  /** No further attempt will need what was sent. */
  void forget() {
    repeatable = false;
    sent.forEach(ReferenceCountUtil::release);
    sent.clear();
  }

  /** Sends what waits, and what follows, over this connection. */
  void connected(Channel to) {
    channel = to;
    while (!early.isEmpty()) {
      send(early.remove());
    }
    hold();
  }

  /** The connection takes nothing more, but its answer may still come. */
  void refused() {
    refused = true;
    client.hold(false);
  }

  /** Whether the whole body, as far as it has come, can be sent once more. */
  boolean repeatable() {
    return repeatable;
  }

  /** The connection is lost: what went up over it waits for another one. */
  void again() {
    LastHttpContent end = last;
    if (channel == null) {
      return;
    }
    channel = null;
    refused = false;
    while (!sent.isEmpty()) {
      early.add(new DefaultHttpContent(sent.remove()));
    }
    if (end != null) {
      early.add(new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER, end.trailingHeaders()));
    }
    hold();
  }

  /** Whether nothing of the request is still to come. */
  boolean ended() {
    return last != null;
  }

  void flush() {
    Channel to = channel;
    if (to != null && !refused) {
      to.flush();
      hold();
    }
  }

  /** Reads from the client while the backend takes the body, and while there is one. */
  void hold() {
    Channel to = channel;
    client.hold(!ended() && !closed && !refused && (to == null || !to.isWritable()));
  }

  /** Whether the backend, not the client, is what the body waits for. */
  boolean stuck() {
    Channel to = channel;
    return to == null || !to.isWritable();
  }

  /** Bytes that came since this was asked last. */
  long progress() {
    long since = bytes - counted;
    counted = bytes;
    return since;
  }

  /** Lets go of everything; pieces that come later are dropped. */
  void close() {
    closed = true;
    forget();
    early.forEach(ReferenceCountUtil::release);
    early.clear();
    client.hold(false);
  }
}
