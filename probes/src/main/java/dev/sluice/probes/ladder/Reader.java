package dev.sluice.probes.ladder;

import dev.sluice.probes.verdict.Signal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/** Gathers bytes until one answer is whole, tells the sink once, and leaves the pipeline. */
final class Reader<T> extends ByteToMessageDecoder {
  /** No answer a rung waits for is longer. */
  private static final int MOST_BYTES = 16 * 1024;

  private final MonoSink<T> sink;
  private final Parser<T> parser;

  Reader(MonoSink<T> sink, Parser<T> parser) {
    this.sink = sink;
    this.parser = parser;
    setSingleDecode(true);
  }

  /** Makes an answer of bytes. */
  interface Parser<T> {
    /** The answer, or null while bytes are missing; may leave the buffer half read. */
    @Nullable T parse(ByteBuf received) throws RungFailure;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    int start = in.readerIndex();
    try {
      T answer = parser.parse(in);
      if (answer != null) {
        leave(ctx, in);
        sink.success(answer);
      } else if (in.writerIndex() - start > MOST_BYTES) {
        leave(ctx, in);
        sink.error(RungFailure.unspecific("The answer never ends."));
      } else {
        in.readerIndex(start);
      }
    } catch (RungFailure failure) {
      leave(ctx, in);
      sink.error(failure);
    }
  }

  @Override
  protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (in.isReadable()) {
      decode(ctx, in, out);
    }
    sink.error(RungFailure.signal(Signal.EOF, "The connection was closed without an answer."));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    sink.error(cause);
    ctx.close();
  }

  private void leave(ChannelHandlerContext ctx, ByteBuf in) {
    in.skipBytes(in.readableBytes());
    ctx.channel().config().setAutoRead(false);
    ctx.pipeline().remove(this);
  }
}
