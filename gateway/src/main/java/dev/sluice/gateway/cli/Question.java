package dev.sluice.gateway.cli;

import dev.sluice.gateway.proxy.http1.Authority;
import dev.sluice.gateway.route.RequestTarget;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The request that {@code explain} is asked about. Pure.
 *
 * @param uri as a request line would have it: a path, or an http URL
 */
record Question(String method, String uri) {
  /** Methods that no gateway serves on behalf of others. */
  static final Set<String> NEVER = Set.of("CONNECT", "TRACE");

  /** Below it nothing belongs to a route. */
  static final String OWN = "/.sluice/";

  /** Held writes, each by its id. */
  static final String WRITES = OWN + "writes/";

  /**
   * The question in a method and a path or URL.
   *
   * @throws IllegalArgumentException with a sentence for the user where they make none
   */
  static Question of(String method, String url) {
    if (!method.matches("[A-Za-z]{1,32}")) {
      throw new IllegalArgumentException("'" + method + "' is no method, such as GET");
    }
    String upper = method.toUpperCase(Locale.ROOT);
    if (!method.equals(upper)) {
      throw new IllegalArgumentException("methods are written in capitals: " + upper);
    }
    return new Question(method, uri(url));
  }

  private static String uri(String url) {
    int hash = url.indexOf('#');
    String whole = hash < 0 ? url : url.substring(0, hash);
    if (whole.startsWith("/") || whole.equals("*")) {
      return whole;
    }
    String lower = whole.toLowerCase(Locale.ROOT);
    if (!lower.startsWith("http://") && !lower.startsWith("https://")) {
      throw new IllegalArgumentException(stranger(url));
    }
    String plain = "http" + whole.substring(lower.startsWith("https") ? 5 : 4);
    String authority = plain.substring(7).split("[/?]", 2)[0];
    if (!Authority.valid(authority)) {
      throw new IllegalArgumentException("'" + url + "' has no host that can be read");
    }
    return plain;
  }

  private static String stranger(String url) {
    boolean schemed = url.contains("://") || url.matches("[A-Za-z][A-Za-z0-9+.-]*:[^/0-9].*");
    return schemed
        ? "'" + url + "' is neither a path nor an http URL"
        : "'" + url + "' begins with no slash: write /" + url;
  }

  /** What stands before the query, whether or not the gateway accepts it. */
  String path() {
    return uri.replaceFirst("^http://[^/?]*+", "").split("[?]", 2)[0];
  }

  /** The target, or null where the gateway refuses it with 400. */
  @Nullable RequestTarget target() {
    return RequestTarget.parse(uri);
  }
}
