package dev.sluice.gateway.admin;

import dev.sluice.config.Reads;
import dev.sluice.config.Route;
import dev.sluice.fallback.cache.CopyKey;
import dev.sluice.fallback.cache.CopyStats;
import dev.sluice.fallback.cache.Explanation;
import dev.sluice.fallback.cache.Runway;
import dev.sluice.fallback.cache.StoredCopy;
import dev.sluice.gateway.admin.AdminDesk.Question;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The stored answers for operators: figures, lists, one entry with the reasons for which it would
 * be served or not, and purges. An entry is named as {@code host/path?query}, a prefix in the same
 * way; one that begins with a slash is meant on every host. Bodies and principals are never shown.
 */
final class CacheDesk {
  private static final int MOST = 200;

  private final AdminSources sources;

  CacheDesk(AdminSources sources) {
    this.sources = sources;
  }

  /** {@code GET /cache}, with {@code ?prefix=} or {@code ?url=}. */
  Reply read(Question q) {
    String url = q.query().get("url");
    String prefix = q.query().get("prefix");
    if (url != null) {
      return entry(url);
    }
    return Reply.json(prefix == null ? figures() : list(prefix));
  }

  private Map<String, Object> figures() {
    CopyStats stats = sources.copies().stats();
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("entries", stats.entries());
    out.put("bytes", stats.bytes());
    out.put("hits", stats.hits());
    out.put("evictions", stats.evictions());
    out.put("runways", sources.runways().stream().map(CacheDesk::runway).toList());
    return out;
  }

  private static Map<String, Object> runway(Runway runway) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("route", runway.routeId());
    out.put("copies", runway.copies());
    out.put("first-seconds", runway.first().toSeconds());
    out.put("last-seconds", runway.last().toSeconds());
    return out;
  }

  private Map<String, Object> list(String prefix) {
    List<CopyKey> keys = new ArrayList<>(sources.copies().keys(under(prefix), MOST + 1));
    keys.sort(Comparator.comparing(CopyKey::host).thenComparing(CopyKey::target));
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("entries", keys.stream().limit(MOST).map(this::line).toList());
    out.put("more", keys.size() > MOST);
    return out;
  }

  private static Predicate<CopyKey> under(String prefix) {
    return prefix.startsWith("/")
        ? key -> key.target().startsWith(prefix)
        : key ->
            (key.host() + key.target()).startsWith(prefix.toLowerCase(Locale.ROOT))
                || (key.host() + key.target()).startsWith(prefix);
  }

  private static Predicate<CopyKey> at(String url) {
    return url.startsWith("/")
        ? key -> key.target().equals(url)
        : key -> (key.host() + key.target()).equals(url);
  }

  private Map<String, Object> line(CopyKey key) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("url", key.host() + key.target());
    out.put("route", key.routeId());
    out.put("principal", principal(key));
    out.put("variants", sources.copies().variants(key).size());
    return out;
  }

  private static String principal(CopyKey key) {
    boolean anybody =
        key.principal().equals(CopyKey.PUBLIC) || key.principal().equals(CopyKey.ANONYMOUS);
    return anybody ? key.principal() : "one principal's";
  }

  private Reply entry(String url) {
    List<CopyKey> keys = sources.copies().keys(at(url), MOST);
    if (keys.isEmpty()) {
      return Reply.problem(
          404, "Nothing is stored", "Name it as host/path?query, or /path?query on every host.");
    }
    List<Object> entries = new ArrayList<>();
    for (CopyKey key : keys) {
      for (StoredCopy copy : sources.copies().variants(key)) {
        entries.add(explained(key, copy));
      }
    }
    return Reply.json(Map.of("entries", entries));
  }

  private Map<String, Object> explained(CopyKey key, StoredCopy copy) {
    Instant now = sources.instant();
    Map<String, Object> out = line(key);
    out.put("status", copy.status());
    out.put("bytes", copy.body().length);
    out.put("stored-at", copy.storedAt().toString());
    out.put("age-seconds", copy.ageSeconds(now));
    out.put("ttl-seconds", copy.ttlSeconds(now));
    for (String name : List.of("Cache-Control", "CDN-Cache-Control", "Vary", "ETag")) {
      String value = copy.fields().joined(name);
      if (value != null) {
        out.put(name.toLowerCase(Locale.ROOT), value);
      }
    }
    Reads reads = reads(key.routeId());
    out.put("now", reads == null ? "its route is gone" : Explanation.now(reads, copy, now));
    out.put("in-an-outage", reads == null ? "not served" : Explanation.outage(reads, copy, now));
    return out;
  }

  private @Nullable Reads reads(String routeId) {
    return sources.configuration().route(routeId).map(Route::reads).orElse(null);
  }

  /** {@code DELETE /cache} with {@code ?url=}, {@code ?prefix=} or {@code ?all=true}. */
  Reply purge(Question q) {
    String url = q.query().get("url");
    String prefix = q.query().get("prefix");
    if (url != null) {
      return purged(at(url));
    }
    if (prefix != null) {
      return purged(under(prefix));
    }
    return "true".equals(q.query().get("all"))
        ? purged(key -> true)
        : Reply.problem(
            400,
            "What is to be purged?",
            "url=host/path?query for one entry, prefix=host/path or prefix=/path, or all=true");
  }

  private Reply purged(Predicate<CopyKey> filter) {
    return Reply.json(Map.of("purged", sources.copies().purge(filter)));
  }
}
