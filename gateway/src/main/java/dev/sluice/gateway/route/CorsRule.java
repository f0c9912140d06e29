package dev.sluice.gateway.route;

import dev.sluice.config.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a browser is told of pages of other origins (the Fetch standard, section 3.2). Pure. */
public final class CorsRule {
  /** Begins the names of the headers that say so. */
  public static final String PREFIX = "access-control-";

  private static final String ALL = "*";

  private CorsRule() {}

  /** The headers of an answer to a page of this origin; null where the request named none. */
  public static List<Map.Entry<String, String>> answer(Filter.Cors cors, @Nullable String origin) {
    List<Map.Entry<String, String>> lines = new ArrayList<>();
    if (origin != null && allows(cors, origin)) {
      allowed(cors, origin, lines);
      if (!cors.exposed().isEmpty()) {
        lines.add(Map.entry(PREFIX + "expose-headers", String.join(", ", cors.exposed())));
      }
    }
    if (!cors.origins().contains(ALL)) {
      lines.add(Map.entry("vary", "origin"));
    }
    return lines;
  }

  /**
   * The headers of the answer to a preflight.
   *
   * @param method that the page is about to use
   * @param headers that it is about to send; null for none
   * @param takes methods of the route; none means all
   */
  public static List<Map.Entry<String, String>> preflight(
      Filter.Cors cors, String origin, String method, @Nullable String headers, Set<String> takes) {
    List<Map.Entry<String, String>> lines = new ArrayList<>();
    if (allows(cors, origin)) {
      allowed(cors, origin, lines);
      lines.add(Map.entry(PREFIX + "allow-methods", methods(cors, method, takes)));
      String carried = cors.headers().isEmpty() ? headers : String.join(", ", cors.headers());
      if (carried != null) {
        lines.add(Map.entry(PREFIX + "allow-headers", carried));
      }
      lines.add(Map.entry(PREFIX + "max-age", Long.toString(cors.maxAge().toSeconds())));
    }
    lines.add(
        Map.entry("vary", "origin, access-control-request-method, access-control-request-headers"));
    return lines;
  }

  private static String methods(Filter.Cors cors, String method, Set<String> takes) {
    if (!cors.methods().isEmpty()) {
      return String.join(", ", cors.methods());
    }
    return takes.isEmpty() ? method : String.join(", ", takes.stream().sorted().toList());
  }

  private static boolean allows(Filter.Cors cors, String origin) {
    return cors.origins().contains(ALL) || cors.origins().contains(origin.toLowerCase(Locale.ROOT));
  }

  private static void allowed(
      Filter.Cors cors, String origin, List<Map.Entry<String, String>> lines) {
    String told = cors.origins().contains(ALL) ? ALL : origin;
    lines.add(Map.entry(PREFIX + "allow-origin", told));
    if (cors.credentials()) {
      lines.add(Map.entry(PREFIX + "allow-credentials", "true"));
    }
  }
}
