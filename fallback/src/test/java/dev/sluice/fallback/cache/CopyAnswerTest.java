package dev.sluice.fallback.cache;

import static dev.sluice.fallback.cache.Samples.NOW;
import static dev.sluice.fallback.cache.Samples.copy;
import static dev.sluice.fallback.cache.Samples.headers;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CopyAnswerTest {
  private static final String DATE = "Sun, 01 Mar 2026 11:59:00 GMT";

  @Test
  void leavesOutWhatBelongsToTheConnection() {
    StoredCopy copy =
        copy(
            "body",
            "Connection",
            "close, X-Hop",
            "connection",
            "x-other",
            "X-Hop",
            "1",
            "X-OTHER",
            "2",
            "Transfer-Encoding",
            "chunked",
            "Keep-Alive",
            "timeout=5",
            "Content-Length",
            "99",
            "Age",
            "7",
            "Content-Type",
            "text/plain");
    assertThat(CopyAnswer.headers(copy, NOW.plusSeconds(3)))
        .containsExactly(
            Map.entry("Content-Type", "text/plain"),
            Map.entry("Age", "10"),
            Map.entry("Cache-Status", "sluice; hit; detail=breaker-open"),
            Map.entry("Content-Length", "4"));
  }

  @Test
  void appendsToTheCacheStatusOfOthers() {
    StoredCopy copy = copy("", "Cache-Status", "origin; hit", "cache-status", "cdn; fwd=miss");
    assertThat(CopyAnswer.headers(copy, NOW, CopyAnswer.PENDING_WRITE))
        .contains(
            Map.entry(
                "Cache-Status", "origin; hit, cdn; fwd=miss, sluice; hit; detail=pending-write"))
        .filteredOn(line -> line.getKey().equalsIgnoreCase("cache-status"))
        .hasSize(1);
  }

  @Test
  void tellsOfNoBodyInA304() {
    StoredCopy copy = copy("body", "ETag", "\"1\"", "Content-Type", "text/plain", "Date", DATE);
    assertThat(CopyAnswer.notModifiedHeaders(copy, NOW, CopyAnswer.BREAKER_OPEN))
        .extracting(Map.Entry::getKey)
        .containsExactly("ETag", "Date", "Age", "Cache-Status");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "5|5",
        "~ 005 ~|5",
        "2147483647|2147483647",
        "2147483648|2147483647",
        "9999999999|2147483647",
        "99999999999999999999999999|2147483647",
        "00000000000000000000000007|7",
        "-5|0",
        "5.5|0",
        "abc|0",
        "~~|0",
        "٥|0",
        "10, 20|10"
      })
  void clampsTheAgeItIsTold(String value, long expected) {
    assertThat(copy("", "Age", value).ageSeconds(NOW)).isEqualTo(expected);
  }

  @Test
  void takesTheGreaterOfAgeAndDate() {
    assertThat(copy("", "Date", DATE).ageSeconds(NOW)).isEqualTo(60);
    assertThat(copy("", "Date", DATE, "Age", "90").ageSeconds(NOW)).isEqualTo(90);
    assertThat(copy("", "Date", DATE, "Age", "9").ageSeconds(NOW)).isEqualTo(60);
    assertThat(copy("", "Date", "Sun, 01 Mar 2026 12:09:00 GMT").ageSeconds(NOW)).isZero();
    assertThat(copy("", "Date", "yesterday").ageSeconds(NOW)).isZero();
  }

  @Test
  void neverAgesBackwardsNorBeyondTheMaximum() {
    StoredCopy copy = copy("", "Age", "5");
    assertThat(copy.ageSeconds(NOW.minusSeconds(100))).isEqualTo(5);
    assertThat(copy.ageSeconds(Instant.MAX)).isEqualTo(2147483647L);
    assertThat(copy.ageSeconds(Instant.MIN)).isEqualTo(5);
    assertThat(new StoredCopy(200, headers(), new byte[0], NOW, Long.MIN_VALUE).ageSeconds(NOW))
        .isZero();
    assertThat(new StoredCopy(200, headers(), new byte[0], NOW, Long.MAX_VALUE).ageSeconds(NOW))
        .isEqualTo(2147483647L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"a\"|\"a\"|true",
        "W/\"a\"|\"a\"|true",
        "\"a\"|W/\"a\"|true",
        "\"a\"|\"b\", W/\"a\" , \"c\"|true",
        "\"a,b\"|\"a\", \"b\"|false",
        "\"a,b\"|\"x\", \"a,b\"|true",
        "\"a\"|*|true",
        "\"a\"|\"A\"|false",
        "\"a\"|a|false",
        "a|a|false",
        "\"\"|\"\"|true"
      })
  void comparesEntityTagsWeakly(String own, String asked, boolean same) {
    assertThat(CopyAnswer.notModified(copy("", "ETag", own), headers("if-none-match", asked)))
        .isEqualTo(same);
  }

  @Test
  void readsEveryLineOfIfNoneMatchBeforeAnyDate() {
    StoredCopy copy = copy("", "ETag", "\"a\"", "Last-Modified", DATE);
    assertThat(
            CopyAnswer.notModified(
                copy, headers("If-None-Match", "\"x\"", "If-None-Match", "\"a\"")))
        .isTrue();
    assertThat(
            CopyAnswer.notModified(
                copy, headers("If-None-Match", "\"x\"", "If-Modified-Since", DATE)))
        .isFalse();
    assertThat(CopyAnswer.notModified(copy, headers("If-Modified-Since", DATE))).isTrue();
    assertThat(
            CopyAnswer.notModified(
                copy, headers("If-Modified-Since", "Sun, 01 Mar 2026 11:58:59 GMT")))
        .isFalse();
    assertThat(CopyAnswer.notModified(copy, headers())).isFalse();
    assertThat(CopyAnswer.notModified(copy(""), headers("If-None-Match", "\"a\""))).isFalse();
  }
}
