package dev.sluice.fallback.cache;

import static dev.sluice.fallback.cache.Samples.NOW;
import static dev.sluice.fallback.cache.Samples.headers;
import static dev.sluice.fallback.cache.Samples.reads;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Principal;
import dev.sluice.config.Reads;
import dev.sluice.config.Reads.Caching;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a shared cache stores, each row with the section of RFC 9111 that says so. */
class SharedPolicyTest {
  private static final Reads ANYBODY =
      reads(Caching.STANDARD, new Principal.Anonymous(), false, false);
  private static final Reads EACH =
      reads(Caching.STANDARD, new Principal.Header("X-User"), false, false);
  private static final Reads STRIPPING =
      reads(Caching.STANDARD, new Principal.Anonymous(), false, true);

  /** {@code name: value; name: value} as lines; tildes stand for quotes. */
  private static List<Map.Entry<String, String>> lines(String text) {
    List<String> all = new ArrayList<>();
    for (String line : text == null ? new String[0] : text.replace('~', '"').split("; ")) {
      all.add(line.split(": ", 2)[0]);
      all.add(line.split(": ", 2)[1]);
    }
    return headers(all.toArray(String[]::new));
  }

  private static Storable judge(
      Reads reads, String method, int status, String request, String answer) {
    return CopyPolicy.storable(reads, method, status, lines(request), lines(answer), NOW);
  }

  @ParameterizedTest(name = "{5}: {0} {1} [{2}] -> [{3}]")
  @CsvSource(
      delimiter = '|',
      value = {
        "GET|200||Cache-Control: max-age=60|STORE|3",
        "HEAD|200||Cache-Control: max-age=60|NOT_GET|3",
        "POST|200||Cache-Control: max-age=60|NOT_GET|3",
        "GET|206||Cache-Control: max-age=60|NOT_WHOLE|3.3",
        "GET|304||Cache-Control: max-age=60|NOT_WHOLE|4.3.4",
        "GET|100||Cache-Control: max-age=60|NOT_WHOLE|3",
        "GET|299||Cache-Control: max-age=60|STORE|3",
        "GET|404||Cache-Control: max-age=60|STORE|3",
        "GET|500||Cache-Control: max-age=60|STORE|3",
        "GET|200||Expires: Sun, 01 Mar 2026 13:00:00 GMT|STORE|5.3",
        "GET|200||Expires: Sun, 01 Mar 2026 11:00:00 GMT|USELESS|5.3",
        "GET|200||Expires: 0|USELESS|5.3",
        "GET|200||Content-Type: text/plain|USELESS|3",
        "GET|200||ETag: ~1~|STORE|4.3",
        "GET|200||Cache-Control: max-age=0|USELESS|4.2",
        "GET|200||Cache-Control: max-age=0; ETag: ~1~|STORE|4.3",
        "GET|200||Cache-Control: no-cache; ETag: ~1~|STORE|5.2.2.4",
        "GET|200||Cache-Control: max-age=0, stale-while-revalidate=9|STORE|RFC 5861 3",
        "GET|200||Last-Modified: Sun, 01 Mar 2026 02:00:00 GMT|STORE|4.2.2",
        "GET|404||Last-Modified: Sun, 01 Mar 2026 02:00:00 GMT|STORE|4.2.2",
        "GET|201||Last-Modified: Sun, 01 Mar 2026 02:00:00 GMT|USELESS|4.2.2",
        "GET|403||Last-Modified: Sun, 01 Mar 2026 02:00:00 GMT|USELESS|4.2.2",
        "GET|405||Last-Modified: Sun, 01 Mar 2026 02:00:00 GMT|USELESS|4.2.2",
        "GET|501||Last-Modified: Sun, 01 Mar 2026 02:00:00 GMT|USELESS|4.2.2",
        "GET|503||Last-Modified: Sun, 01 Mar 2026 02:00:00 GMT|USELESS|4.2.2",
        "GET|503||Last-Modified: Sun, 01 Mar 2026 02:00:00 GMT; Cache-Control: public|STORE|5.2.2.9",
        "GET|200||Cache-Control: no-store, max-age=60|NO_STORE|5.2.2.5",
        "GET|200||Cache-Control: NO-STORE|NO_STORE|5.2.2.5",
        "GET|200||Cache-Control: private, max-age=60|PRIVATE|5.2.2.7",
        "GET|200||Cache-Control: private=~x~, max-age=60|PRIVATE|5.2.2.7",
        "GET|200||Cache-Control: must-understand, no-store, max-age=60|STORE|5.2.2.3",
        "GET|599||Cache-Control: must-understand, max-age=60|NOT_UNDERSTOOD|5.2.2.3",
        "GET|200|Cache-Control: no-store|Cache-Control: max-age=60|NO_STORE|5.2.1.5",
        "GET|200|Authorization: x|Cache-Control: max-age=60|CREDENTIALS|3.5",
        "GET|200|Authorization: x|Cache-Control: public, max-age=60|STORE|3.5",
        "GET|200|Authorization: x|Cache-Control: must-revalidate, max-age=60|STORE|3.5",
        "GET|200|Authorization: x|Cache-Control: s-maxage=60|STORE|3.5",
        "GET|200|Authorization: x|Cache-Control: proxy-revalidate, max-age=60|CREDENTIALS|3.5",
        "GET|200|Cookie: a=b|Cache-Control: max-age=60|STORE|3",
        "GET|200||Cache-Control: max-age=60; Set-Cookie: a=b|SET_COOKIE|7.3",
        "GET|200||Cache-Control: max-age=60; Vary: *|VARY_ANY|4.1",
        "GET|200||Cache-Control: max-age=60; Vary: Accept, *|VARY_ANY|4.1",
        "GET|200|Connection: X-Lang|Cache-Control: max-age=60; Vary: X-Lang|VARY_UNSEEN|4.1",
        "GET|200|Content-Length: 3|Cache-Control: max-age=60|REQUEST_BODY|RFC 9110 9.3.1",
        "GET|200|X-HTTP-Method-Override: DELETE|Cache-Control: max-age=60|OVERRIDE|7.1",
        "GET|200|X-Original-URL: /admin|Cache-Control: max-age=60|OVERRIDE|7.1",
        "GET|200||Cache-Control: max-age=60; Content-Length: 101|TOO_LARGE|7",
        "GET|200||CDN-Cache-Control: max-age=60; Cache-Control: no-store|STORE|RFC 9213 2.2",
        "GET|200||CDN-Cache-Control: no-store; Cache-Control: max-age=60|NO_STORE|RFC 9213 2.2",
        "GET|200||CDN-Cache-Control: max-age=60, &; Cache-Control: no-store|NO_STORE|RFC 9213 2.1",
        "GET|200||CDN-Cache-Control: max-age=~60~; Cache-Control: no-store|NO_STORE|RFC 9213 2.1"
      })
  void storesWhatItMay(
      String method, int status, String request, String answer, Storable expected, String section) {
    assertThat(judge(ANYBODY, method, status, request, answer)).as(section).isEqualTo(expected);
  }

  /** A guess is not made for somebody in particular. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"Cookie: a=b|0", "X-Api-Key: k|0", "x-session: 1|0", "Accept: x|3600"})
  void lifetimesAreGuessedForNobodyInParticular(String request, long lifetime) {
    List<Map.Entry<String, String>> answer =
        lines("Last-Modified: Sun, 01 Mar 2026 02:00:00 GMT; Date: Sun, 01 Mar 2026 12:00:00 GMT");
    boolean guesses = CopyPolicy.guesses(ANYBODY, lines(request));
    assertThat(Terms.of(200, HeaderFields.of(answer), NOW, guesses).lifetime()).isEqualTo(lifetime);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Cache-Control: private, max-age=60|STORE",
        "Cache-Control: no-store|NO_STORE",
        "Cache-Control: max-age=60; Set-Cookie: a=b|SET_COOKIE"
      })
  void whatIsPrivateIsStoredForItsPrincipalAlone(String answer, Storable expected) {
    String request = "X-User: ann; Authorization: x";
    assertThat(judge(EACH, "GET", 200, request, answer)).isEqualTo(expected);
    assertThat(judge(EACH, "GET", 200, "Accept: x", answer)).isEqualTo(Storable.NO_PRINCIPAL);
  }

  @ParameterizedTest
  @CsvSource({"Set-Cookie", "set-cookie2"})
  void whereARouteStripsCookiesTheRestIsStored(String name) {
    String answer = "Cache-Control: max-age=60; " + name + ": a=b";
    assertThat(judge(STRIPPING, "GET", 200, null, answer)).isEqualTo(Storable.STORE);
    assertThat(StoredCopy.answered(200, lines(answer), new byte[0], NOW).headers()).hasSize(1);
  }
}
