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
 * The rules by which answers are kept and found: those of a shared cache ({@link SharedPolicy}), or
 * those for an outage alone, which in doubt keep nothing. Pure.
 */
public final class CopyPolicy {
  private static final Set<Integer> EVICTING = Set.of(401, 403, 404, 410);

  private CopyPolicy() {}

  /** Under which key this request's copy is kept and sought; null when it has none to share. */
  public static @Nullable CopyKey key(
      Route route, String host, String target, List<Map.Entry<String, String>> requestHeaders) {
    Reads reads = route.reads();
    String principal = reads == null ? null : principal(reads, requestHeaders);
    return principal == null ? null : new CopyKey(route.id(), host, target, principal);
  }

  /** The same where the principal is a claim of a token that has been verified. */
  public static CopyKey key(Route route, String host, String target, String claim, String value) {
    String principal = new Digest().add("claim").add(claim).add(value).hex();
    return new CopyKey(route.id(), host, target, principal);
  }

  /** Whether the answer to this request may be kept, judged when its head has arrived. */
  public static Storable storable(
      Reads reads,
      String method,
      int status,
      List<Map.Entry<String, String>> requestHeaders,
      List<Map.Entry<String, String>> responseHeaders,
      Instant now) {
    Storable asked = asked(reads, method, requestHeaders);
    if (asked != Storable.STORE) {
      return asked;
    }
    Set<String> varying = HeaderLines.tokens(responseHeaders, "Vary");
    varying.retainAll(HeaderLines.tokens(requestHeaders, "Connection"));
    if (!varying.isEmpty()) {
      return Storable.VARY_UNSEEN;
    }
    if (large(reads, responseHeaders)) {
      return Storable.TOO_LARGE;
    }
    return reads.standard()
        ? SharedPolicy.storable(reads, status, requestHeaders, responseHeaders, now)
        : answered(reads, status, responseHeaders);
  }

  /** Whether a lifetime may be guessed for the answer to this request. */
  public static boolean guesses(Reads reads, List<Map.Entry<String, String>> requestHeaders) {
    return reads.standard() && SharedPolicy.guesses(reads, requestHeaders);
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

  /** Whether the copy may be served for a backend that cannot answer. */
  public static boolean usable(Reads reads, StoredCopy copy, Instant now) {
    return reads.standard() ? Reuse.onError(reads, copy, now) : young(reads, copy, now);
  }

  /** It is not older than the route allows, its age on arrival included. */
  private static boolean young(Reads reads, StoredCopy copy, Instant now) {
    return copy.age(now).compareTo(reads.maxStale()) <= 0;
  }

  private static @Nullable String principal(Reads reads, List<Map.Entry<String, String>> headers) {
    Principal principal = reads.principal();
    if (principal instanceof Principal.Public) {
      return CopyKey.PUBLIC;
    }
    if (principal instanceof Principal.Header header) {
      List<String> values = HeaderLines.all(headers, header.name());
      return values.size() != 1 || values.get(0).isBlank()
          ? null
          : new Digest().add(header.name().toLowerCase(Locale.ROOT)).add(values.get(0)).hex();
    }
    if (principal instanceof Principal.Claim) {
      return null;
    }
    return !reads.standard() && credentials(reads, headers) ? null : CopyKey.ANONYMOUS;
  }

  /** Whether a request says who somebody is. */
  static boolean credentials(Reads reads, List<Map.Entry<String, String>> headers) {
    return Credentials.in(headers)
        || reads.credentialHeaders().stream().anyMatch(name -> HeaderLines.has(headers, name));
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
    // Who is known by a token has a key only where that was verified.
    boolean verified = reads.principal() instanceof Principal.Claim;
    if (!verified && principal(reads, headers) == null) {
      boolean named = !(reads.principal() instanceof Principal.Anonymous);
      return named ? Storable.NO_PRINCIPAL : Storable.CREDENTIALS;
    }
    return CacheControl.asked(HeaderFields.of(headers)).has("no-store")
        ? Storable.NO_STORE
        : Storable.STORE;
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
    return reads.overrideCacheControl()
        ? Storable.STORE
        : directed(CacheControl.either(HeaderFields.of(headers)));
  }

  private static boolean setsCookie(List<Map.Entry<String, String>> headers) {
    return HeaderLines.has(headers, "Set-Cookie") || HeaderLines.has(headers, "Set-Cookie2");
  }

  private static Storable directed(CacheControl said) {
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
