package dev.sluice.fallback.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A shared cache written down from RFC 9111 sentence by sentence: slow, in seconds and plain maps,
 * with no line of the real one. Directives are few and well formed.
 */
final class LiteralCache {
  /** What may be done with a request. */
  enum Answer {
    FRESH,
    STALE_ALLOWED,
    REFRESH,
    ASK,
    NEVER
  }

  /** A stored response; fields in lower case. */
  record Entry(
      Map<String, String> asked, Map<String, String> said, String body, long arrived, int status) {}

  private final List<Entry> entries = new ArrayList<>();
  private final long maxStale;

  LiteralCache(long maxStale) {
    this.maxStale = maxStale;
  }

  private static boolean has(Map<String, String> fields, String directive) {
    return List.of(fields.getOrDefault("cache-control", "").split(", ")).contains(directive);
  }

  private static Long number(Map<String, String> fields, String directive) {
    for (String each : fields.getOrDefault("cache-control", "").split(", ")) {
      if (each.startsWith(directive + "=")) {
        return Long.parseLong(each.substring(directive.length() + 1));
      }
    }
    return null;
  }

  /** Section 3, and 3.5. */
  boolean stores(Map<String, String> asked, Map<String, String> said) {
    boolean shares =
        has(said, "public") || has(said, "must-revalidate") || number(said, "s-maxage") != null;
    boolean lives =
        number(said, "s-maxage") != null
            ? number(said, "s-maxage") > 0
            : number(said, "max-age") != null && number(said, "max-age") > 0;
    boolean swr = number(said, "stale-while-revalidate") != null;
    Long error = number(said, "stale-if-error");
    return !has(said, "no-store")
        && !has(said, "private")
        && !has(asked, "no-store")
        && (!asked.containsKey("authorization") || shares)
        && !said.getOrDefault("vary", "").equals("*")
        && (lives || said.containsKey("etag") || swr || (error != null && error > 0));
  }

  /** Section 4.1: the newest takes the place of those for the same selecting fields. */
  void store(Entry entry) {
    String vary = entry.said().getOrDefault("vary", "");
    entries.removeIf(
        old ->
            !old.said().getOrDefault("vary", "").equals(vary)
                || selects(old, entry.asked())
                || selects(entry, old.asked()));
    entries.add(entry);
  }

  void clear() {
    entries.clear();
  }

  private static boolean selects(Entry entry, Map<String, String> asked) {
    String vary = entry.said().getOrDefault("vary", "");
    return vary.isEmpty()
        || String.valueOf(entry.asked().get(vary)).equals(String.valueOf(asked.get(vary)));
  }

  /** The one that is chosen; null for none. */
  Entry chosen(Map<String, String> asked) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (selects(entries.get(i), asked)) {
        return entries.get(i);
      }
    }
    return null;
  }

  /** Section 4.3.4: the old one with new fields; where they forbid to keep it, all go. */
  void confirm(Entry old, Entry now) {
    if (has(now.said(), "no-store") || has(now.said(), "private")) {
      clear();
    } else {
      entries.set(entries.indexOf(old), now);
    }
  }

  /** Section 4.2.3, for answers without Date or delay. */
  static long age(Entry entry, long now) {
    return Long.parseLong(entry.said().getOrDefault("age", "0")) + now - entry.arrived();
  }

  /** Section 4.2.1. */
  static long lifetime(Entry entry) {
    Long shared = number(entry.said(), "s-maxage");
    Long any = number(entry.said(), "max-age");
    return shared != null ? shared : any != null ? any : 0;
  }

  private static boolean strict(Entry entry) {
    return has(entry.said(), "must-revalidate")
        || has(entry.said(), "proxy-revalidate")
        || number(entry.said(), "s-maxage") != null;
  }

  /** Sections 4, 4.2.4, 5.2.1 and RFC 5861, section 3. */
  Answer judge(Map<String, String> asked, long now) {
    Entry entry = chosen(asked);
    boolean only = has(asked, "only-if-cached");
    if (has(asked, "no-store")) {
      return Answer.ASK;
    }
    if (entry == null) {
      return only ? Answer.NEVER : Answer.ASK;
    }
    boolean shares =
        has(entry.said(), "public")
            || has(entry.said(), "must-revalidate")
            || number(entry.said(), "s-maxage") != null;
    if (asked.containsKey("authorization") && !shares) {
      return Answer.ASK;
    }
    long age = age(entry, now);
    long over = age - lifetime(entry);
    Long oldest = number(asked, "max-age");
    Long least = number(asked, "min-fresh");
    boolean wanted =
        !has(asked, "no-cache")
            && (oldest == null || (oldest > 0 && age <= oldest))
            && (least == null || -over >= least);
    boolean unsettled = has(entry.said(), "no-cache");
    if (wanted && over < 0 && !unsettled) {
      return Answer.FRESH;
    }
    Answer stale =
        over >= 0 && !strict(entry) && !unsettled && over <= maxStale
            ? stale(asked, entry, over)
            : null;
    return stale != null ? stale : only ? Answer.NEVER : Answer.ASK;
  }

  private static Answer stale(Map<String, String> asked, Entry entry, long over) {
    boolean plain = !has(asked, "no-cache") && number(asked, "max-age") == null;
    Long limit = number(asked, "max-stale");
    if (plain && (has(asked, "max-stale") || (limit != null && over <= limit))) {
      return Answer.STALE_ALLOWED;
    }
    Long window = number(entry.said(), "stale-while-revalidate");
    boolean refresh =
        plain && number(asked, "min-fresh") == null && window != null && over < window;
    return refresh ? Answer.REFRESH : null;
  }

  /** RFC 5861, section 4, within the route's limit. */
  boolean standsIn(Map<String, String> asked, long now) {
    Entry entry = chosen(asked);
    if (entry == null || has(entry.said(), "no-cache")) {
      return false;
    }
    long over = age(entry, now) - lifetime(entry);
    Long window = number(entry.said(), "stale-if-error");
    long most = window == null ? maxStale : Math.min(window, maxStale);
    return strict(entry) ? over < 0 : over <= most;
  }
}
