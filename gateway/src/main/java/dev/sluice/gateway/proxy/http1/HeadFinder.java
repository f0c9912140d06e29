package dev.sluice.gateway.proxy.http1;

import io.netty.buffer.ByteBuf;

/**
 * Finds the empty line that ends a head or a trailer section, however its bytes arrive: no byte is
 * looked at twice, and bounds hold before the end is known.
 */
final class HeadFinder {
  private final int firstLine;
  private final int rest;
  private int scanned;
  private int lineStart;
  private int firstEnd;

  /**
   * @param firstLine bytes that the first line may have; 0 where there is no line of its own kind
   * @param rest bytes of all further lines
   */
  HeadFinder(int firstLine, int rest) {
    this.firstLine = firstLine;
    this.rest = rest;
  }

  /** The bytes up to and with the empty line, taken from the buffer; null where it has not come. */
  byte @org.jspecify.annotations.Nullable [] take(ByteBuf in) throws Malformed {
    int base = in.readerIndex();
    while (true) {
      int feed = in.indexOf(base + scanned, in.writerIndex(), Grammar.LF);
      if (feed < 0) {
        scanned = in.readableBytes();
        bound(scanned);
        return null;
      }
      scanned = feed - base + 1;
      bound(scanned);
      int length = scanned - lineStart;
      if (length == 1 || in.getByte(feed - 1) != Grammar.CR) {
        throw Malformed.bad("a line ends without a carriage return");
      }
      boolean empty = length == 2 && (lineStart > 0 || firstLine == 0);
      lineStart = scanned;
      firstEnd = firstEnd == 0 ? scanned : firstEnd;
      if (empty) {
        return taken(in);
      }
    }
  }

  private byte[] taken(ByteBuf in) {
    byte[] head = new byte[scanned];
    in.readBytes(head);
    scanned = 0;
    lineStart = 0;
    firstEnd = 0;
    return head;
  }

  private void bound(int seen) throws Malformed {
    int first = firstEnd == 0 ? seen : firstEnd;
    if (firstLine > 0 && first > firstLine) {
      throw new Malformed(414, "the first line is over " + firstLine + " bytes");
    }
    if (seen - (firstLine > 0 ? first : 0) > rest) {
      throw new Malformed(431, "the fields are over " + rest + " bytes");
    }
  }
}
