package dev.sluice.gateway.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;

/**
 * Ends the connection of a client that opens a stream which it had passed over: opening a higher
 * one has closed it (RFC 9113, section 5.1.1). Netty takes such a stream for one that has ended,
 * and passes over its frames. Looks at the heads of frames as they pass, before they are decoded;
 * of streams that are passed over the last few gaps are known.
 */
public final class StreamOrder extends ChannelInboundHandlerAdapter {
  private static final int FRAME_HEAD = 9;
  private static final int GAPS = 32;

  private final byte[] head = new byte[FRAME_HEAD];
  private final int[] gapBegins = new int[GAPS];
  private final int[] gapEnds = new int[GAPS];
  private int gaps;
  private int have;
  private int skip = Http2CodecUtil.connectionPrefaceBuf().readableBytes();
  private int next = 1;
  private boolean broken;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (!broken) {
      look(bytes);
      if (broken) {
        ctx.fireExceptionCaught(
            Http2Exception.connectionError(
                Http2Error.PROTOCOL_ERROR, "a stream was opened that had been passed over"));
      }
    }
    if (broken) {
      bytes.release();
    } else {
      ctx.fireChannelRead(bytes);
    }
  }

  private void look(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end && !broken) {
      if (skip > 0) {
        int step = Math.min(skip, end - at);
        skip -= step;
        at += step;
      } else {
        int step = Math.min(FRAME_HEAD - have, end - at);
        bytes.getBytes(at, head, have, step);
        have += step;
        at += step;
        if (have == FRAME_HEAD) {
          begun();
        }
      }
    }
  }

  private void begun() {
    have = 0;
    skip = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
    if (head[3] == Http2FrameTypes.HEADERS) {
      int stream =
          (head[5] & 0x7f) << 24
              | (head[6] & 0xff) << 16
              | (head[7] & 0xff) << 8
              | (head[8] & 0xff);
      opened(stream);
    }
  }

  private void opened(int stream) {
    if (stream < next) {
      broken = passedOver(stream);
      return;
    }
    if (stream > next) {
      gapBegins[gaps % GAPS] = next;
      gapEnds[gaps % GAPS] = stream;
      gaps++;
    }
    next = stream + 2;
  }

  private boolean passedOver(int stream) {
    for (int i = 0; i < Math.min(gaps, GAPS); i++) {
      if (stream >= gapBegins[i] && stream < gapEnds[i]) {
        return true;
      }
    }
    return false;
  }
}
