package dev.sluice.gateway.proxy;

import io.netty.buffer.ByteBuf;

/**
 * Knows where the frames of one side of a WebSocket begin (RFC 6455, section 5.2), so that a frame
 * of the gateway's own can be put between two of them, and whether that side has said farewell.
 * What is no frame is passed on all the same: the ends have to agree on it.
 */
final class FrameWatch {
  private static final int CLOSE = 8;
  private static final int LONGEST_HEAD = 14;

  private final byte[] head = new byte[LONGEST_HEAD];
  private int have;
  private int need = 2;
  private long payload;
  private boolean closed;

  /** Looks at bytes that pass, which it does not take. */
  void see(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end) {
      if (payload > 0) {
        long step = Math.min(payload, end - at);
        payload -= step;
        at += (int) step;
      } else {
        head[have++] = bytes.getByte(at++);
        if (have == 2) {
          need = 2 + lengthBytes() + ((head[1] & 0x80) == 0 ? 0 : 4);
        }
        if (have == need) {
          begun();
        }
      }
    }
  }

  private int lengthBytes() {
    return switch (head[1] & 0x7f) {
      case 126 -> 2;
      case 127 -> 8;
      default -> 0;
    };
  }

  private void begun() {
    int given = head[1] & 0x7f;
    long length = given;
    if (given > 125) {
      length = 0;
      for (int i = 2; i < 2 + lengthBytes(); i++) {
        length = length << 8 | (head[i] & 0xff);
      }
    }
    closed |= (head[0] & 0x0f) == CLOSE;
    payload = Math.max(0, length);
    have = 0;
    need = 2;
  }

  /** Whether what passed ends with a whole frame. */
  boolean between() {
    return have == 0 && payload == 0;
  }

  /** Whether a close frame has begun to pass. */
  boolean closed() {
    return closed;
  }
}
