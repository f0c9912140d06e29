package dev.sluice.gateway.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Heads and pieces of bodies to bytes (RFC 9112). A head and the small pieces after it are joined
 * in one buffer until they are flushed; a large piece leaves as it came, without a copy. Answers
 * that have no body by their status, or because a HEAD asked for them, get none, whatever is
 * written (RFC 9112, section 6.3; RFC 9110, section 15.3.6 for 205).
 */
public final class MessageEncoder extends ChannelOutboundHandlerAdapter {
  /** Bytes of a piece that is worth copying, and of what they are joined in. */
  private static final int SMALL = 1536;

  private static final int JOINED = 2048;

  private static final AsciiString LINE = AsciiString.cached("\r\n");
  private static final AsciiString LAST_CHUNK = AsciiString.cached("0\r\n");

  private final BooleanSupplier headAsked;
  private @Nullable ByteBuf joined;
  private boolean bodiless;
  private boolean chunked;

  /**
   * @param headAsked whether the answer that is written now is to a HEAD
   */
  public MessageEncoder(BooleanSupplier headAsked) {
    this.headAsked = headAsked;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    boolean ours = message instanceof EncodedAnswer;
    if (message instanceof EncodedAnswer answer) {
      encoded(context, answer);
    }
    if (message instanceof HttpMessage head) {
      ours = true;
      head(context, head);
    }
    if (message instanceof HttpContent content) {
      ours = true;
      content(context, content);
    }
    if (!ours) {
      part(context);
      context.write(message, promise);
    } else if (!promise.isVoid()) {
      ByteBuf whole = joined;
      joined = null;
      context.write(whole == null ? Unpooled.EMPTY_BUFFER : whole, promise);
    }
  }

  private void encoded(ChannelHandlerContext context, EncodedAnswer answer) {
    HeadBytes head = answer.head();
    join(context, head.array(), 0, head.length());
    if (headAsked.getAsBoolean() || answer.length() == 0) {
      return;
    }
    if (answer.length() > SMALL) {
      part(context);
      ByteBuf body = Unpooled.wrappedBuffer(answer.body(), answer.from(), answer.length());
      context.write(body, context.voidPromise());
    } else {
      join(context, answer.body(), answer.from(), answer.length());
    }
  }

  private void head(ChannelHandlerContext context, HttpMessage message) {
    bodiless = message instanceof HttpResponse response && bodiless(response);
    chunked = HttpUtil.isTransferEncodingChunked(message);
    HeadBytes head = HeadBytes.empty().head(message);
    join(context, head.array(), 0, head.length());
  }

  private boolean bodiless(HttpResponse response) {
    int status = response.status().code();
    HttpHeaders headers = response.headers();
    boolean none = status < 200 || status == 204 || status == 205;
    if (none) {
      headers.remove(HttpHeaderNames.CONTENT_LENGTH).remove(HttpHeaderNames.TRANSFER_ENCODING);
    }
    if (status == 205) {
      headers.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
    }
    return none || status == 304 || headAsked.getAsBoolean();
  }

  private void content(ChannelHandlerContext context, HttpContent content) {
    ByteBuf piece = content.content();
    int length = piece.readableBytes();
    if (bodiless) {
      content.release();
      return;
    }
    if (chunked && length > 0) {
      text(context, new AsciiString(Integer.toHexString(length)));
      text(context, LINE);
    }
    if (length > SMALL) {
      part(context);
      context.write(piece, context.voidPromise());
    } else {
      join(context, piece, length);
    }
    if (chunked) {
      endOfChunk(context, content, length);
    }
  }

  private void endOfChunk(ChannelHandlerContext context, HttpContent content, int length) {
    if (length > 0) {
      text(context, LINE);
    }
    if (content instanceof LastHttpContent last) {
      text(context, LAST_CHUNK);
      HeadBytes trailers = HeadBytes.empty().fields(last.trailingHeaders());
      join(context, trailers.array(), 0, trailers.length());
    }
  }

  private void text(ChannelHandlerContext context, AsciiString text) {
    join(context, text.array(), text.arrayOffset(), text.length());
  }

  private void join(ChannelHandlerContext context, byte[] bytes, int from, int length) {
    room(context, length).writeBytes(bytes, from, length);
  }

  /** Releases the piece. */
  private void join(ChannelHandlerContext context, ByteBuf piece, int length) {
    if (length > 0) {
      room(context, length).writeBytes(piece);
    }
    piece.release();
  }

  private ByteBuf room(ChannelHandlerContext context, int length) {
    ByteBuf begun = joined;
    if (begun != null && begun.writableBytes() < length) {
      part(context);
      begun = null;
    }
    if (begun == null) {
      begun = context.alloc().buffer(Math.max(JOINED, length));
      joined = begun;
    }
    return begun;
  }

  private void part(ChannelHandlerContext context) {
    ByteBuf whole = joined;
    joined = null;
    if (whole != null) {
      context.write(whole, context.voidPromise());
    }
  }

  @Override
  public void flush(ChannelHandlerContext context) {
    part(context);
    context.flush();
  }

  /** What was never flushed goes with the connection. */
  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (joined != null) {
      joined.release();
      joined = null;
    }
  }
}
