package dev.sluice.gateway.route;

import dev.sluice.config.PathForm;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request target that is safe to route by (RFC 9112, section 3.2). The rule for paths: a path is
 * brought into one form for matching only, and is forwarded as the client sent it or not at all.
 *
 * <ul>
 *   <li>For matching, percent-encoded bytes that may stand in a segment as they are get decoded,
 *       once; everything else is encoded, in capitals. {@code /%61dmin} is {@code /admin}.
 *   <li>For matching, parameters are cut from each segment: {@code /admin;x=1} is {@code /admin}.
 *   <li>Refused is what a backend could read as another path: dot segments in any encoding, empty
 *       segments save at the end, slashes, backslashes and semicolons that are encoded, bytes that
 *       are encoded twice, overlong forms of UTF-8, backslashes, control bytes, malformed percent
 *       signs, raw bytes above ASCII.
 * </ul>
 *
 * The patterns of route files go through the same function ({@link RouteTable}), so a rule takes
 * every spelling of its path. A slash at the end and upper case make another path, as in a URI.
 *
 * @param path begins with a slash, in the form for matching
 * @param pathAndQuery what the backend is asked for, byte for byte as the client sent it
 * @param authority host and port of an absolute-form target; null for the origin form
 */
public record RequestTarget(String path, String pathAndQuery, @Nullable String authority) {
  /** What follows a name in a query; or all of a parameter that has no name. */
  private static final Pattern VALUE = Pattern.compile("([?&][^=&]*=|[?&](?=[^=&]+(?:&|$)))[^&]*");

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
    String form = printable(rest) ? PathForm.of(path) : null;
    return form == null ? null : new RequestTarget(form, rest, authority);
  }

  /** For people: the path, and the query without its values, which may be anybody's secrets. */
  public static String shown(String pathAndQuery) {
    int query = pathAndQuery.indexOf('?');
    return query < 0
        ? pathAndQuery
        : pathAndQuery.substring(0, query)
            + VALUE.matcher(pathAndQuery.substring(query)).replaceAll("$1***");
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
