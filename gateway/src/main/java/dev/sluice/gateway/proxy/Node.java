package dev.sluice.gateway.proxy;

import java.net.InetAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One hop of a forwarding chain (RFC 7239, section 6): an address, {@code unknown} or an obfuscated
 * name, each with or without a port. Pure.
 *
 * @param text as it came
 * @param address null where the hop is not told
 */
record Node(String text, @Nullable InetAddress address) {
  static final Node UNKNOWN = new Node("unknown", null);
  private static final int LONGEST = 64;

  /** The node, or null where the text is none. */
  static @Nullable Node parse(String text) {
    if (text.isEmpty() || text.length() > LONGEST) {
      return null;
    }
    if (text.charAt(0) == '[') {
      return bracketed(text);
    }
    int colon = text.indexOf(':');
    if (colon >= 0 && text.indexOf(':', colon + 1) >= 0) {
      return addressed(text, Addresses.parseV6(text));
    }
    if (colon >= 0 && !port(text, colon + 1)) {
      return null;
    }
    String name = colon < 0 ? text : text.substring(0, colon);
    boolean hidden = name.toLowerCase(Locale.ROOT).equals("unknown") || obfuscated(name, 0);
    return hidden ? new Node(text, null) : addressed(text, Addresses.parseV4(name));
  }

  private static @Nullable Node bracketed(String text) {
    int end = text.indexOf(']');
    if (end < 0) {
      return null;
    }
    boolean whole = end + 1 == text.length();
    boolean ported = !whole && text.charAt(end + 1) == ':' && port(text, end + 2);
    return whole || ported ? addressed(text, Addresses.parseV6(text.substring(1, end))) : null;
  }

  private static @Nullable Node addressed(String text, @Nullable InetAddress address) {
    return address == null ? null : new Node(text, address);
  }

  private static boolean port(String text, int from) {
    return Addresses.number(text, from, text.length(), 65_535) >= 0 || obfuscated(text, from);
  }

  private static boolean obfuscated(String text, int from) {
    if (text.length() < from + 2 || text.charAt(from) != '_') {
      return false;
    }
    for (int i = from + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z' && c < 128;
      if (!letter && !(c >= '0' && c <= '9') && c != '.' && c != '_' && c != '-') {
        return false;
      }
    }
    return true;
  }

  /** Whether both tell of the same hop. */
  boolean same(Node other) {
    return address == null ? text.equalsIgnoreCase(other.text) : address.equals(other.address);
  }

  /** The parameter {@code for} of an address (RFC 7239, section 4): IPv6 in brackets and quotes. */
  static String forParameter(String address) {
    return address.indexOf(':') < 0 ? "for=" + address : "for=\"[" + address + "]\"";
  }
}
