package dev.sluice.fallback.cache;

import java.util.Locale;

/**
 * Whose copy of what. Nothing of the target is decoded, collapsed or left out.
 *
 * @param host compared in lower case
 * @param target path and query exactly as requested
 * @param principal {@link #PUBLIC}, {@link #ANONYMOUS} or a SHA-256 in hex; never a secret itself
 */
public record CopyKey(String routeId, String host, String target, String principal) {
  /** The principal of routes whose answers are declared the same for everybody. */
  public static final String PUBLIC = "public";

  /** The principal of requests without credentials on routes that declare none. */
  public static final String ANONYMOUS = "anonymous";

  public CopyKey {
    host = host.toLowerCase(Locale.ROOT);
  }

  int weight() {
    return routeId.length() + host.length() + target.length() + principal.length();
  }
}
