package dev.sluice.config;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Hosts, ports and URLs, read without ever asking a name server. */
final class Addresses {
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?");
  private static final Pattern V4 =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(?!$)|$)){4}");

  private static final Pattern PLATFORMS =
      Pattern.compile("(?i)metadata(\\.google\\.internal)?\\.?|instance-data");

  private Addresses() {}

  /** A host and a port. */
  record HostPort(String host, int port) {}

  /** Null unless the text is {@code host}, {@code host:port} or {@code [v6]:port}. */
  static @Nullable HostPort hostPort(String text, int otherwise) {
    int colon = text.lastIndexOf(':');
    boolean hasPort = colon > text.lastIndexOf(']');
    String host = hasPort ? text.substring(0, colon) : text;
    int port = hasPort ? port(text.substring(colon + 1)) : otherwise;
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String bare = bracketed ? host.substring(1, host.length() - 1) : host;
    boolean good = bracketed ? isV6(bare) : HOST.matcher(bare).matches();
    return good && port > 0 ? new HostPort(bare, port) : null;
  }

  /** 0 unless the text is a port. */
  private static int port(String text) {
    if (!text.matches("[0-9]{1,5}")) {
      return 0;
    }
    int port = Integer.parseInt(text);
    return port <= 65_535 ? port : 0;
  }

  static boolean isHost(String text) {
    return HOST.matcher(text).matches() || isV6(text);
  }

  static boolean isLiteral(String host) {
    return V4.matcher(host).matches() || isV6(host);
  }

  /**
   * A host that only the platform answers at, such as its metadata server, which gives tokens to
   * whoever reaches it: link-local addresses (RFC 3927; RFC 4291, section 2.5.6) and known names.
   */
  static boolean isPlatforms(String host) {
    if (!isLiteral(host)) {
      return PLATFORMS.matcher(host).matches();
    }
    try {
      InetAddress literal = InetAddress.getByName(host);
      return literal.isLinkLocalAddress() || host.equalsIgnoreCase("fd00:ec2::254");
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static boolean isV6(String text) {
    if (!text.matches("[0-9A-Fa-f:.]{2,45}") || !text.contains(":")) {
      return false;
    }
    try {
      InetAddress literal = InetAddress.getByName("[" + text + "]");
      return !literal.getHostAddress().isEmpty();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** An address with a prefix length, or an address alone. */
  static boolean isCidr(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    boolean v4 = V4.matcher(address).matches();
    if (!v4 && !isV6(address)) {
      return false;
    }
    if (slash < 0) {
      return true;
    }
    String length = text.substring(slash + 1);
    return length.matches("[0-9]{1,3}") && Integer.parseInt(length) <= (v4 ? 32 : 128);
  }

  /** An http or https URL with a host and without user info; null when the text is none. */
  static @Nullable URI httpUrl(String text) {
    try {
      URI url = new URI(text);
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      boolean host = url.getHost() != null && url.getRawUserInfo() == null;
      boolean port = url.getPort() != 0 && url.getPort() <= 65_535;
      return http && host && port && url.getRawFragment() == null ? url : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  /** The host as records hold it: an IPv6 address without brackets. */
  static String host(URI url) {
    String host = url.getHost();
    if (host == null) {
      throw new IllegalArgumentException("a URL without a host");
    }
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** The host as URLs hold it. */
  static String bracketed(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  /** A part of a URL without its escapes; null where one is none. A plus sign stays one. */
  static @Nullable String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
