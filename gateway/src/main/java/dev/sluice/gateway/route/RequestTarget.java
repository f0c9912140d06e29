package dev.sluice.gateway.route;

import dev.sluice.config.PathRule;
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
    return printable(rest) && PathRule.fault(path) == null
        ? new RequestTarget(path, rest, authority)
        : null;
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
}
