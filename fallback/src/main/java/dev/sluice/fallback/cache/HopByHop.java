package dev.sluice.fallback.cache;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Headers that belong to one connection, to one client or to one transfer, not to a copy. */
final class HopByHop {
  private static final List<String> NAMES =
      List.of(
          "Connection",
          "Keep-Alive",
          "Proxy-Connection",
          "Proxy-Authenticate",
          "Proxy-Authentication-Info",
          "Proxy-Authorization",
          "TE",
          "Trailer",
          "Transfer-Encoding",
          "Upgrade",
          "Set-Cookie",
          "Set-Cookie2",
          "Content-Length",
          "Age",
          "X-Request-Id");

  /** What only the gateway says. */
  private static final String OWN = "sluice-";

  private HopByHop() {}

  /** What is left without them and without those that Connection names; order kept. */
  static List<Map.Entry<String, String>> without(List<Map.Entry<String, String>> headers) {
    Set<String> gone = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    gone.addAll(NAMES);
    gone.addAll(HeaderLines.tokens(headers, "Connection"));
    return headers.stream()
        .filter(line -> !gone.contains(line.getKey()))
        .filter(line -> !line.getKey().regionMatches(true, 0, OWN, 0, OWN.length()))
        .map(line -> Map.entry(line.getKey(), line.getValue()))
        .toList();
  }
}
