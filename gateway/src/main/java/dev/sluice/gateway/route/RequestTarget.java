package dev.sluice.gateway.route;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request target that is safe to route by (RFC 9112, section 3.2): nothing in its path can be
 * read as another path by a backend that decodes or tidies it.
 *
 * @param path begins with a slash, not decoded
 * @param pathAndQuery what the backend is asked for, byte for byte as the client sent it
 * @param authority host and port of an absolute-form target; null for the origin form
 */
public record RequestTarget(String path, String pathAndQuery, @Nullable String authority) {

  /** The target, or null where it must be refused with 400. */
  public static @Nullable RequestTarget parse(String uri) {
    String rest = uri;
    String authority = null;
    if (!uri.startsWith("/")) {
      if (!uri.regionMatches(true, 0, "http://", 0, 7)) {
        return null;
      }
      int end = firstOf(uri, 7);
      authority = uri.substring(7, end);
      rest =
          end < uri.length() && uri.charAt(end) == '/'
              ? uri.substring(end)
              : "/" + uri.substring(end);
    }
    int query = rest.indexOf('?');
    String path = query < 0 ? rest : rest.substring(0, query);
    return printable(rest) && safe(path) ? new RequestTarget(path, rest, authority) : null;
  }

  private static int firstOf(String uri, int from) {
    for (int i = from; i < uri.length(); i++) {
      if (uri.charAt(i) == '/' || uri.charAt(i) == '?') {
        return i;
      }
    }
    return uri.length();
  }

  private static boolean printable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '#') {
        return false;
      }
    }
    return true;
  }

  private static boolean safe(String path) {
    if (path.contains("//") || path.indexOf('\\') >= 0) {
      return false;
    }
    String decodedDots = path;
    if (path.indexOf('%') >= 0) {
      String lower = path.toLowerCase(Locale.ROOT);
      if (!wellEncoded(lower) || lower.contains("%2f") || lower.contains("%5c")) {
        return false;
      }
      decodedDots = lower.replace("%2e", ".");
    }
    return !dotSegment(decodedDots);
  }

  /** Every percent sign begins two hex digits that stand for no control byte. */
  private static boolean wellEncoded(String path) {
    for (int at = path.indexOf('%'); at >= 0; at = path.indexOf('%', at + 1)) {
      if (at + 2 >= path.length()) {
        return false;
      }
      int high = Character.digit(path.charAt(at + 1), 16);
      int low = Character.digit(path.charAt(at + 2), 16);
      if (high < 0 || low < 0 || high * 16 + low < 0x20 || high * 16 + low == 0x7f) {
        return false;
      }
    }
    return true;
  }

  private static boolean dotSegment(String path) {
    return path.contains("/./")
        || path.contains("/../")
        || path.endsWith("/.")
        || path.endsWith("/..")
        || path.contains("/.;")
        || path.contains("/..;");
  }
}
