package dev.sluice.fallback.cache;

import static dev.sluice.fallback.cache.Samples.NOW;
import static dev.sluice.fallback.cache.Samples.headers;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long an answer is fresh (RFC 9111, section 4.2), as of noon of 1 March 2026. */
class TermsTest {
  private static Terms terms(String lines) {
    List<String> all = new ArrayList<>();
    for (String line : lines.replace('~', '"').split("; ")) {
      all.add(line.split(": ", 2)[0]);
      all.add(line.split(": ", 2)[1]);
    }
    return Terms.of(200, HeaderFields.of(headers(all.toArray(String[]::new))), NOW, true);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "Cache-Control: max-age=60|60",
        "cache-control: MAX-AGE=60|60",
        "Cache-Control: max-age=60, s-maxage=5|5",
        "Cache-Control: s-maxage=90, max-age=0|90",
        "Cache-Control: max-age=60; Expires: 0|60",
        "Cache-Control: max-age=0; Expires: Sun, 01 Mar 2026 13:00:00 GMT|0",
        "Cache-Control: max-age=003600|3600",
        "Cache-Control: max-age=2147483648|2147483647",
        "Cache-Control: max-age=99999999999999999999|2147483647",
        "Cache-Control: max-age=~60~|60",
        "Cache-Control: max-age='60'|0",
        "Cache-Control: max-age=-1|0",
        "Cache-Control: max-age=60.5|0",
        "Cache-Control: max-age=6 0|0",
        "Cache-Control: max-age= 60|0",
        "Cache-Control: max-age|0",
        "Cache-Control: max-age=60, max-age=5|5",
        "Cache-Control: max-age=60; Cache-Control: max-age=5|5",
        "Cache-Control: ext=~max-age=60~, max-age=5|5",
        "Cache-Control: ext=~a, max-age=60~|0",
        "Expires: Sun, 01 Mar 2026 12:01:00 GMT|60",
        "Expires: Sun, 01 Mar 2026 12:01:00 GMT; Date: Sun, 01 Mar 2026 11:59:00 GMT|120",
        "Expires: Sun, 01 Mar 2026 12:01:00 GMT; Date: soon|60",
        "Expires: Sun, 01 Mar 2026 12:01:00 GMT; Expires: Sun, 01 Mar 2026 12:01:00 GMT|0",
        "Expires: Sunday, 01-Mar-26 12:01:00 GMT|60",
        "Expires: Sun Mar  1 12:01:00 2026|60",
        "Expires: sUN, 01 mAR 2026 12:01:00 gmt|60",
        "Last-Modified: Sun, 01 Mar 2026 02:00:00 GMT|3600",
        "Last-Modified: Sun, 01 Mar 2020 02:00:00 GMT|86400",
        "Last-Modified: Sun, 01 Mar 2026 12:00:01 GMT|0",
        "CDN-Cache-Control: max-age=5; Cache-Control: max-age=60|5",
        "CDN-Cache-Control: foo, max-age=5, max-age=7|7",
        "CDN-Cache-Control: MaX-aGe=5; Cache-Control: max-age=60|60",
        "CDN-Cache-Control: max-age =5; Cache-Control: max-age=60|60",
        "CDN-Cache-Control: max-age=5;p=1, a=(1 2); Cache-Control: max-age=60|60",
        "CDN-Cache-Control: private; Expires: Sun, 01 Mar 2026 12:01:00 GMT|0"
      })
  void freshFor(String lines, long lifetime) {
    assertThat(terms(lines).lifetime()).isEqualTo(lifetime);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Cache-Control: max-age=60|false|false",
        "Cache-Control: must-revalidate|true|false",
        "Cache-Control: proxy-revalidate|true|false",
        "Cache-Control: s-maxage=60|true|false",
        "Cache-Control: no-cache|false|true",
        "Cache-Control: no-cache=~set-cookie~|false|true",
        "CDN-Cache-Control: max-age=60; Cache-Control: s-maxage=5|false|false"
      })
  void neverStaleOrNeverUnasked(String lines, boolean strict, boolean unsettled) {
    assertThat(terms(lines).strict()).isEqualTo(strict);
    assertThat(terms(lines).unsettled()).isEqualTo(unsettled);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sun, 01 Mar 2026 12:01:00 UTC",
        "Sun, 01 Mar 2026 12:01:00 +0000",
        "Sun, 01 Mar 26 12:01:00 GMT",
        "Sun 01 Mar 2026 12:01:00 GMT",
        "Sun,  01 Mar 2026 12:01:00 GMT",
        "Sun, 01-Mar-2026 12:01:00 GMT",
        "Sun, 01 Mar 2026 12.01.00 GMT",
        "Sun, 01 Mar 2026 1:01:00 GMT",
        "Sun, 1 Mar 2026 12:01:00 GMT",
        "Sun, 31 Feb 2026 12:01:00 GMT",
        "Sun, 01 Mar 2026 25:01:00 GMT",
        "0",
        "",
        "never"
      })
  void whatIsAlmostADateIsNone(String text) {
    assertThat(HttpDate.parse(text, NOW)).isNull();
  }

  @ParameterizedTest
  @CsvSource({"27,2027", "76,2076", "77,1977", "99,1999"})
  void twoDigitsOfAYearAreAtMostFiftyYearsAhead(String digits, int year) {
    assertThat(HttpDate.parse("Monday, 01-Mar-" + digits + " 00:00:00 GMT", NOW))
        .isEqualTo(Instant.parse(year + "-03-01T00:00:00Z"));
  }
}
