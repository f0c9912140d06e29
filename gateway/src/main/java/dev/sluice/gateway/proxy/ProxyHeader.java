package dev.sluice.gateway.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The header that a connection begins with when a proxy speaks the PROXY protocol, version 1 or 2
 * (HAProxy's proxy-protocol.txt, sections 2.1 and 2.2). Read to the letter: what a lenient reader
 * takes for a header, another one takes for the beginning of a request. Pure.
 *
 * @param length bytes that it takes
 * @param source whom the connection is from; null where the header leaves that open ({@code LOCAL},
 *     {@code UNKNOWN}, and families without an IP address)
 */
record ProxyHeader(int length, @Nullable InetAddress source) {
  /** A line of version 1, with its CRLF. */
  static final int MAX_LINE = 107;

  /** A header of version 2, with its TLVs. */
  static final int MAX_BLOCK = 4096;

  private static final byte[] LINE = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SIGNATURE =
      "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII);
  private static final int FIXED = SIGNATURE.length + 4;
  private static final int LOCAL = 0x20;
  private static final int PROXY = 0x21;

  /** No header of the protocol; nothing on the connection can be believed. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String why) {
      super(why, null, false, false);
    }
  }

  /** The header that the buffer begins with; null where the rest of it has not come. */
  static @Nullable ProxyHeader read(ByteBuf in) throws Unreadable {
    if (!in.isReadable()) {
      return null;
    }
    boolean text = in.getByte(in.readerIndex()) == LINE[0];
    byte[] beginning = text ? LINE : SIGNATURE;
    int seen = Math.min(in.readableBytes(), beginning.length);
    for (int i = 0; i < seen; i++) {
      if (in.getByte(in.readerIndex() + i) != beginning[i]) {
        throw new Unreadable("the connection does not begin with a PROXY header");
      }
    }
    if (seen < beginning.length) {
      return null;
    }
    return text ? line(in) : block(in);
  }

  private static @Nullable ProxyHeader line(ByteBuf in) throws Unreadable {
    int from = in.readerIndex();
    int most = Math.min(in.readableBytes(), MAX_LINE);
    for (int i = LINE.length; i < most; i++) {
      byte b = in.getByte(from + i);
      if (b == '\n' || (b == '\r' && i + 1 < most && in.getByte(from + i + 1) != '\n')) {
        throw new Unreadable("a line ends with CRLF");
      }
      if (b == '\r' && i + 1 < most) {
        return new ProxyHeader(i + 2, source(in.toString(from, i, StandardCharsets.ISO_8859_1)));
      }
    }
    if (most == MAX_LINE) {
      throw new Unreadable("a line is over " + MAX_LINE + " bytes");
    }
    return null;
  }

  private static @Nullable InetAddress source(String line) throws Unreadable {
    String[] words = line.split(" ", -1);
    if (words[1].equals("UNKNOWN")) {
      return null;
    }
    boolean v4 = words[1].equals("TCP4");
    if ((!v4 && !words[1].equals("TCP6")) || words.length != 6) {
      throw new Unreadable("a line is PROXY TCP4 or TCP6, two addresses and two ports");
    }
    InetAddress source = v4 ? Addresses.parseV4(words[2]) : Addresses.parseV6(words[2]);
    InetAddress target = v4 ? Addresses.parseV4(words[3]) : Addresses.parseV6(words[3]);
    if (source == null || target == null || !port(words[4]) || !port(words[5])) {
      throw new Unreadable("an address or a port is none");
    }
    return source;
  }

  private static boolean port(String text) {
    return Addresses.number(text, 0, text.length(), 65_535) >= 0;
  }

  private static @Nullable ProxyHeader block(ByteBuf in) throws Unreadable {
    if (in.readableBytes() < FIXED) {
      return null;
    }
    int at = in.readerIndex() + SIGNATURE.length;
    int command = in.getUnsignedByte(at);
    int family = in.getUnsignedByte(at + 1);
    int length = FIXED + in.getUnsignedShort(at + 2);
    if (command != LOCAL && command != PROXY) {
      throw new Unreadable("neither LOCAL nor PROXY of version 2");
    }
    if (length > MAX_BLOCK) {
      throw new Unreadable("a header is over " + MAX_BLOCK + " bytes");
    }
    if (in.readableBytes() < length) {
      return null;
    }
    ByteBuf block = in.slice(in.readerIndex() + FIXED, length - FIXED);
    return new ProxyHeader(length, command == LOCAL ? null : source(family, block));
  }

  private static @Nullable InetAddress source(int family, ByteBuf block) throws Unreadable {
    int address =
        switch (family >> 4) {
          case 0 -> 0;
          case 1 -> 4;
          case 2 -> 16;
          case 3 -> 108;
          default -> throw new Unreadable("an unknown address family");
        };
    int protocol = family & 0xf;
    if (protocol > 2) {
      throw new Unreadable("an unknown transport protocol");
    }
    if (address == 0 || protocol == 0) {
      return null;
    }
    boolean internet = address <= 16;
    int addresses = 2 * address + (internet ? 4 : 0);
    if (block.readableBytes() < addresses) {
      throw new Unreadable("the addresses are cut short");
    }
    extensions(block, addresses);
    return internet && protocol == 1 ? Addresses.of(ByteBufUtil.getBytes(block, 0, address)) : null;
  }

  /** Nothing in them is used; they must fill the header exactly. */
  private static void extensions(ByteBuf block, int from) throws Unreadable {
    int at = from;
    while (at + 3 <= block.readableBytes()) {
      at += 3 + block.getUnsignedShort(at + 1);
    }
    if (at != block.readableBytes()) {
      throw new Unreadable("an extension is cut short");
    }
  }
}
