package dev.sluice.fallback.cache;

import static dev.sluice.fallback.cache.Samples.ANONYMOUS;
import static dev.sluice.fallback.cache.Samples.NOW;
import static dev.sluice.fallback.cache.Samples.PUBLIC;
import static dev.sluice.fallback.cache.Samples.USER;
import static dev.sluice.fallback.cache.Samples.copy;
import static dev.sluice.fallback.cache.Samples.headers;
import static dev.sluice.fallback.cache.Samples.reads;
import static dev.sluice.fallback.cache.Samples.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Principal;
import dev.sluice.config.Reads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CopyPolicyTest {
  private static final Reads STRICT = reads(PUBLIC, false, false);
  private static final Reads LAX = reads(PUBLIC, true, true);

  private static CopyKey key(Principal principal, String... request) {
    return CopyPolicy.key(route("orders", principal), "Shop.example", "/o?a=%2F", headers(request));
  }

  private static Storable answer(Reads reads, String... response) {
    return CopyPolicy.storable(reads, "GET", 200, List.of(), headers(response), NOW);
  }

  private static Storable asked(Reads reads, String... request) {
    return CopyPolicy.storable(reads, "GET", 200, headers(request), List.of(), NOW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization",
        "cookie",
        "Proxy-Authorization",
        "X-Api-Key",
        "x-goog-iap-jwt-assertion",
        "X-Goog-Authenticated-User-Id",
        "X-Forwarded-User",
        "X-Forwarded-Email",
        "X-Serverless-Authorization",
        "X-Forwarded-Client-Cert"
      })
  void sharesNothingAskedWithCredentialsUnlessTheRouteSaysWho(String name) {
    assertThat(key(ANONYMOUS, name, "s3cret")).isNull();
    assertThat(asked(reads(ANONYMOUS, true, true), name, "s3cret")).isEqualTo(Storable.CREDENTIALS);
    assertThat(key(PUBLIC, name, "s3cret")).isEqualTo(key(PUBLIC));
  }

  @Test
  void keepsNothingThatVariesOnWhatTheBackendNeverSaw() {
    var request = headers("Connection", "close, x-lang", "X-Lang", "de");
    assertThat(
            CopyPolicy.storable(LAX, "GET", 200, request, headers("Vary", "Accept, X-Lang"), NOW))
        .isEqualTo(Storable.VARY_UNSEEN);
    assertThat(CopyPolicy.storable(LAX, "GET", 200, request, headers("Vary", "Accept"), NOW))
        .isEqualTo(Storable.STORE);
  }

  @Test
  void keysAnonymousAndPublicApart() {
    assertThat(key(ANONYMOUS)).isNotNull().isNotEqualTo(key(PUBLIC));
    assertThat(key(PUBLIC).principal()).isEqualTo("public");
  }

  @Test
  void keysByTheHashOfThePrincipalsHeader() {
    CopyKey ann = key(USER, "x-USER", "ann");
    assertThat(ann).isEqualTo(key(USER, "X-User", "ann")).isNotEqualTo(key(USER, "X-User", "bob"));
    assertThat(ann.principal()).matches("[0-9a-f]{64}");
    assertThat(ann.toString()).doesNotContain("ann");
    assertThat(ann.principal())
        .isNotEqualTo(key(new Principal.Header("X-Tenant"), "X-Tenant", "ann").principal());
  }

  @Test
  void whatTheRouteCallsACredentialIsOne() {
    Principal nobody = new Principal.Anonymous();
    assertThat(key(nobody, "X-Sessions", "1")).isNotNull();
    assertThat(key(nobody, "x-session", "1")).isNull();
    assertThat(asked(reads(nobody, false, false), "X-Session", "1"))
        .isEqualTo(Storable.CREDENTIALS);
  }

  @Test
  void knowsNoPrincipalWithoutExactlyOneHeader() {
    assertThat(key(USER)).isNull();
    assertThat(key(USER, "X-User", " ")).isNull();
    assertThat(key(USER, "X-User", "ann", "X-User", "bob")).isNull();
    assertThat(asked(reads(USER, true, true))).isEqualTo(Storable.NO_PRINCIPAL);
    assertThat(asked(reads(USER, false, false), "X-User", "ann")).isEqualTo(Storable.STORE);
  }

  @Test
  void keepsTheTargetAsItIsAndTheHostInLowerCase() {
    assertThat(key(PUBLIC)).isEqualTo(new CopyKey("orders", "shop.example", "/o?a=%2F", "public"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "max-age=60|STORE",
        "max-age=0|STORE",
        "no-store|NO_STORE",
        "NO-Store , max-age=1|NO_STORE",
        "private|PRIVATE",
        "private=\"x-a, x-b\"|PRIVATE",
        "max-age=\"1\",no-cache=\"set-cookie\"|NO_CACHE",
        "no-cache, no-cache|NO_CACHE",
        "must-revalidate|MUST_REVALIDATE",
        "proxy-revalidate|MUST_REVALIDATE",
        "ext=\"no-store, private\"|STORE",
        "ext=\"unclosed, no-store|NO_STORE",
        "\"odd, no-store, odd\"|NO_STORE",
        "ext=\"a\\\"b\", no-store|NO_STORE",
        ",,=,;|STORE",
        "\"no-store\"|NO_STORE"
      })
  void obeysCacheControlUnlessOverridden(String value, Storable expected) {
    assertThat(answer(STRICT, "cache-CONTROL", value)).isEqualTo(expected);
    assertThat(answer(STRICT, "CDN-Cache-Control", value)).isEqualTo(expected);
    assertThat(answer(STRICT, "Cache-Control", "max-age=5", "Cache-Control", value))
        .isEqualTo(expected);
    assertThat(answer(LAX, "Cache-Control", value)).isEqualTo(Storable.STORE);
  }

  @Test
  void keepsSetCookieInNoMode() {
    assertThat(answer(STRICT, "set-cookie", "a=b")).isEqualTo(Storable.SET_COOKIE);
    assertThat(answer(reads(PUBLIC, true, false), "Set-Cookie", "a=b"))
        .isEqualTo(Storable.SET_COOKIE);
    assertThat(answer(LAX, "Set-Cookie", "a=b")).isEqualTo(Storable.STORE);
    assertThat(copy("x", "Set-Cookie", "a=b", "ETag", "\"1\"").headers())
        .containsExactly(Map.entry("ETag", "\"1\""));
  }

  @Test
  void neverKeepsWhatVariesByEverything() {
    assertThat(answer(LAX, "Vary", "Accept, *")).isEqualTo(Storable.VARY_ANY);
    assertThat(answer(LAX, "Vary", "Accept", "vary", "*")).isEqualTo(Storable.VARY_ANY);
  }

  @Test
  void keepsWholeAnswersToBareReadsAlone() {
    assertThat(asked(LAX, "Range", "bytes=0-1")).isEqualTo(Storable.RANGE);
    assertThat(asked(LAX, "Content-Length", "3")).isEqualTo(Storable.REQUEST_BODY);
    assertThat(asked(LAX, "Content-Length", "0")).isEqualTo(Storable.STORE);
    assertThat(asked(LAX, "Transfer-Encoding", "chunked")).isEqualTo(Storable.REQUEST_BODY);
    assertThat(asked(LAX, "Cache-Control", "no-store")).isEqualTo(Storable.NO_STORE);
    assertThat(answer(LAX, "Content-Range", "bytes 0-1/9")).isEqualTo(Storable.RANGE);
    assertThat(answer(LAX, "Content-Length", "101")).isEqualTo(Storable.TOO_LARGE);
    assertThat(answer(LAX, "Content-Length", "99999999999999999999")).isEqualTo(Storable.TOO_LARGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEAD", "POST", "get", "OPTIONS", "BREW"})
  void keepsNothingForOtherMethods(String method) {
    assertThat(CopyPolicy.storable(LAX, method, 200, List.of(), List.of(), NOW))
        .isEqualTo(Storable.NOT_GET);
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 204, 206, 301, 304, 401, 404, 500, 503})
  void keepsNothingButA200(int status) {
    assertThat(CopyPolicy.storable(LAX, "GET", status, List.of(), List.of(), NOW))
        .isEqualTo(Storable.NOT_200);
  }

  @Test
  void takesATruncatedOrOversizedBodyForIncomplete() {
    assertThat(CopyPolicy.complete(LAX, headers("Content-Length", "5"), 5)).isTrue();
    assertThat(CopyPolicy.complete(LAX, headers("Content-Length", "5"), 4)).isFalse();
    assertThat(CopyPolicy.complete(LAX, List.of(), 100)).isTrue();
    assertThat(CopyPolicy.complete(LAX, List.of(), 101)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "401,true",
    "403,true",
    "404,true",
    "410,true",
    "200,false",
    "400,false",
    "503,false"
  })
  void evictsOnAnswersThatEndTheCopy(int status, boolean evicts) {
    assertThat(CopyPolicy.evicts(status)).isEqualTo(evicts);
  }

  @Test
  void holdsTheMaximumToTheMillisecond() {
    StoredCopy fresh = copy("x");
    Duration most = STRICT.maxStale();
    assertThat(CopyPolicy.usable(STRICT, fresh, NOW.plus(most))).isTrue();
    assertThat(CopyPolicy.usable(STRICT, fresh, NOW.plus(most).plusMillis(1))).isFalse();
    StoredCopy aged = copy("x", "Age", "30");
    assertThat(CopyPolicy.usable(STRICT, aged, NOW.plus(most).minusSeconds(30))).isTrue();
    assertThat(CopyPolicy.usable(STRICT, aged, NOW.plus(most).minusSeconds(29))).isFalse();
    assertThat(CopyPolicy.usable(STRICT, fresh, NOW.minusSeconds(9))).isTrue();
  }
}
