package dev.sluice.gateway.proxy;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** IP addresses as text, read without ever asking a name server. Pure. */
final class Addresses {
  private static final int LONGEST = "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255".length();

  private Addresses() {}

  /**
   * The address, or null where the text is none: four decimal numbers without leading zeros, or an
   * IPv6 address without brackets and zone. An IPv4 address within an IPv6 one is the IPv4 address.
   */
  static @Nullable InetAddress parse(String text) {
    return text.indexOf(':') < 0 ? parseV4(text) : parseV6(text);
  }

  /** An IPv4 address, or null. */
  static @Nullable InetAddress parseV4(String text) {
    byte[] bytes = new byte[4];
    int at = 0;
    for (int i = 0; i < bytes.length; i++) {
      int dot = i == 3 ? text.length() : text.indexOf('.', at);
      int number = dot < 0 ? -1 : number(text, at, dot, 255);
      if (number < 0) {
        return null;
      }
      bytes[i] = (byte) number;
      at = dot + 1;
    }
    return of(bytes);
  }

  /** An IPv6 address, or null. */
  static @Nullable InetAddress parseV6(String text) {
    if (text.length() > LONGEST || text.indexOf(':') < 0) {
      return null;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean digit = c <= 'f' && Character.digit(c, 16) >= 0;
      if (!digit && c != ':' && c != '.') {
        return null;
      }
    }
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
    return bytes == null ? null : of(bytes);
  }

  /** A decimal number of plain digits without leading zeros, or -1 where there is none. */
  static int number(String text, int from, int to, int most) {
    int number = 0;
    boolean padded = to - from > 1 && text.charAt(from) == '0';
    if (from >= to || to - from > 5 || padded) {
      return -1;
    }
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      number = number * 10 + c - '0';
    }
    return number <= most ? number : -1;
  }

  /** As RFC 5952 writes it, without zone and brackets. */
  static String text(InetAddress address) {
    return NetUtil.toAddressString(address);
  }

  /** From 4 or 16 bytes. */
  static InetAddress of(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes", e);
    }
  }
}
