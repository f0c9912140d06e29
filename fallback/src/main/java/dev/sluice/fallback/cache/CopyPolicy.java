package dev.sluice.fallback.cache;

import dev.sluice.config.Principal;
import dev.sluice.config.Reads;
import dev.sluice.config.Route;
import dev.sluice.fallback.request.Credentials;
import dev.sluice.fallback.request.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which answers are kept for an outage and served in it. Pure; in doubt an answer is
 * not kept.
 */
public final class CopyPolicy {
  private static final Set<Integer> EVICTING = Set.of(401, 403, 404, 410);

  private CopyPolicy() {}

  /** Under which key this request's copy is kept and sought; null when it has none to share. */
  public static @Nullable CopyKey key(
      Route route, String host, String target, List<Map.Entry<String, String>> requestHeaders) {
    Reads reads = route.reads();
    String principal = reads == null ? null : principal(reads.principal(), requestHeaders);
    return principal == null ? null : new CopyKey(route.id(), host, target, principal);
  }

  /** Whether the answer to this request may be kept, judged when its head has arrived. */
  public static Storable storable(
      Reads reads,
      String method,
      int status,
      List<Map.Entry<String, String>> requestHeaders,
      List<Map.Entry<String, String>> responseHeaders) {
    Storable asked = asked(reads, method, requestHeaders);
    if (asked != Storable.STORE) {
      return asked;
    }
    Set<String> varying = HeaderLines.tokens(responseHeaders, "Vary");
    varying.retainAll(HeaderLines.tokens(requestHeaders, "Connection"));
    return varying.isEmpty() ? answered(reads, status, responseHeaders) : Storable.VARY_UNSEEN;
  }

  /** Whether the gathered body is within the route's limit and as long as its head announced. */
  public static boolean complete(
      Reads reads, List<Map.Entry<String, String>> responseHeaders, long bodyBytes) {
    List<String> announced = HeaderLines.all(responseHeaders, "Content-Length");
    return bodyBytes <= reads.maxObject()
        && announced.stream().allMatch(length -> length.strip().equals(Long.toString(bodyBytes)));
  }

  /** Whether an answer of this status ends the use of the copy kept before. */
  public static boolean evicts(int status) {
    return EVICTING.contains(status);
  }

  /** Whether the copy is not older than the route allows, its age on arrival included. */
  public static boolean usable(Reads reads, StoredCopy copy, Instant now) {
    return copy.age(now).compareTo(reads.maxStale()) <= 0;
  }

  private static @Nullable String principal(
      Principal principal, List<Map.Entry<String, String>> headers) {
    if (principal instanceof Principal.Public) {
      return CopyKey.PUBLIC;
    }
    if (principal instanceof Principal.Header header) {
      List<String> values = HeaderLines.all(headers, header.name());
      return values.size() != 1 || values.get(0).isBlank()
          ? null
          : new Digest().add(header.name().toLowerCase(Locale.ROOT)).add(values.get(0)).hex();
    }
    return Credentials.in(headers) ? null : CopyKey.ANONYMOUS;
  }

  private static Storable asked(
      Reads reads, String method, List<Map.Entry<String, String>> headers) {
    if (!method.equals("GET")) {
      return Storable.NOT_GET;
    }
    if (hasBody(headers)) {
      return Storable.REQUEST_BODY;
    }
    if (HeaderLines.has(headers, "Range")) {
      return Storable.RANGE;
    }
    if (principal(reads.principal(), headers) == null) {
      boolean named = reads.principal() instanceof Principal.Header;
      return named ? Storable.NO_PRINCIPAL : Storable.CREDENTIALS;
    }
    return CacheDirectives.of(headers).has("no-store") ? Storable.NO_STORE : Storable.STORE;
  }

  private static boolean hasBody(List<Map.Entry<String, String>> headers) {
    return HeaderLines.has(headers, "Transfer-Encoding")
        || HeaderLines.all(headers, "Content-Length").stream()
            .anyMatch(length -> !length.strip().equals("0"));
  }

  private static Storable answered(
      Reads reads, int status, List<Map.Entry<String, String>> headers) {
    if (status != 200) {
      return Storable.NOT_200;
    }
    if (HeaderLines.has(headers, "Content-Range")) {
      return Storable.RANGE;
    }
    if (!reads.stripSetCookie() && setsCookie(headers)) {
      return Storable.SET_COOKIE;
    }
    if (HeaderLines.tokens(headers, "Vary").contains("*")) {
      return Storable.VARY_ANY;
    }
    if (large(reads, headers)) {
      return Storable.TOO_LARGE;
    }
    return reads.overrideCacheControl() ? Storable.STORE : directed(CacheDirectives.of(headers));
  }

  private static boolean setsCookie(List<Map.Entry<String, String>> headers) {
    return HeaderLines.has(headers, "Set-Cookie") || HeaderLines.has(headers, "Set-Cookie2");
  }

  private static Storable directed(CacheDirectives said) {
    if (said.has("no-store")) {
      return Storable.NO_STORE;
    }
    if (said.has("private")) {
      return Storable.PRIVATE;
    }
    if (said.has("no-cache")) {
      return Storable.NO_CACHE;
    }
    return said.has("must-revalidate") || said.has("proxy-revalidate")
        ? Storable.MUST_REVALIDATE
        : Storable.STORE;
  }

  private static boolean large(Reads reads, List<Map.Entry<String, String>> headers) {
    String length = HeaderLines.first(headers, "Content-Length");
    if (length == null || !length.strip().matches("[0-9]{1,18}")) {
      return length != null;
    }
    return Long.parseLong(length.strip()) > reads.maxObject();
  }
}
