package dev.sluice.fallback.cache;

import static dev.sluice.fallback.cache.Samples.NOW;
import static dev.sluice.fallback.cache.Samples.copy;
import static dev.sluice.fallback.cache.Samples.headers;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
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
    assertThat(copy.headers()).containsExactly(Map.entry("Content-Type", "text/plain"));
    assertThat(copy.ageSeconds(NOW.plusSeconds(3))).isEqualTo(10);
    CopyAnswer whole = CopyAnswer.of(copy, fields(), NOW);
    assertThat(whole.lines()).containsExactly(Map.entry("Content-Type", "text/plain"));
    assertThat(whole.status()).isEqualTo(200);
    assertThat(whole.length()).isEqualTo(4);
  }

  @Test
  void whatOnlyTheGatewaySaysIsNeverKept() {
    StoredCopy copy = copy("", "Sluice-Mode", "full", "sluice-evidence", "x", "X-Request-Id", "7");
    assertThat(copy.headers()).isEmpty();
  }

  @Test
  void tellsOfNoBodyInA304() {
    StoredCopy copy = copy("body", "ETag", "\"1\"", "Content-Type", "text/plain", "Date", DATE);
    CopyAnswer known = CopyAnswer.of(copy, fields("If-None-Match", "\"1\""), NOW);
    assertThat(known.status()).isEqualTo(304);
    assertThat(known.measured()).isFalse();
    assertThat(known.lines()).extracting(Map.Entry::getKey).containsExactly("ETag", "Date");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes=0-1|206|01|bytes 0-1/10",
        "bytes=8-|206|89|bytes 8-9/10",
        "bytes=-3|206|789|bytes 7-9/10",
        "bytes=-30|206|0123456789|bytes 0-9/10",
        "BYTES=9-99|206|9|bytes 9-9/10",
        "bytes=10-|416||bytes */10",
        "bytes=-0|416||bytes */10",
        "bytes=3-1|200|0123456789|",
        "bytes=0-1,3-4|200|0123456789|",
        "lines=0-1|200|0123456789|",
        "bytes=a-b|200|0123456789|"
      })
  void answersOneRangeFromTheWholeBody(String range, int status, String body, String field) {
    CopyAnswer answer = CopyAnswer.of(copy("0123456789"), fields("Range", range), NOW);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(sent(answer)).isEqualTo(body == null ? "" : body);
    assertThat(answer.lines())
        .filteredOn(line -> line.getKey().equals("Content-Range"))
        .extracting(Map.Entry::getValue)
        .containsExactlyElementsOf(field == null ? List.of() : List.of(field));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"a\"|206",
        "\"b\"|200",
        "W/\"a\"|200",
        DATE + "|206",
        "Sun, 01 Mar 2026 11:58:59 GMT|200",
        "tomorrow|200"
      })
  void partsAreOfWhatTheClientHasTheRestOf(String condition, int status) {
    StoredCopy copy = copy("0123456789", "ETag", "\"a\"", "Last-Modified", DATE);
    HeaderFields request = fields("Range", "bytes=0-1", "If-Range", condition);
    assertThat(CopyAnswer.of(copy, request, NOW).status()).isEqualTo(status);
  }

  private static String sent(CopyAnswer answer) {
    return new String(answer.body(), answer.from(), answer.length(), StandardCharsets.US_ASCII);
  }

  private static HeaderFields fields(String... namesAndValues) {
    return HeaderFields.of(headers(namesAndValues));
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
    assertThat(
            StoredCopy.of(200, headers(), new byte[0], NOW, Long.MIN_VALUE, false).ageSeconds(NOW))
        .isZero();
    assertThat(
            StoredCopy.of(200, headers(), new byte[0], NOW, Long.MAX_VALUE, false).ageSeconds(NOW))
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
    assertThat(CopyAnswer.notModified(copy("", "ETag", own), fields("if-none-match", asked), NOW))
        .isEqualTo(same);
  }

  @Test
  void readsEveryLineOfIfNoneMatchBeforeAnyDate() {
    StoredCopy copy = copy("", "ETag", "\"a\"", "Last-Modified", DATE);
    assertThat(
            CopyAnswer.notModified(
                copy, fields("If-None-Match", "\"x\"", "If-None-Match", "\"a\""), NOW))
        .isTrue();
    assertThat(
            CopyAnswer.notModified(
                copy, fields("If-None-Match", "\"x\"", "If-Modified-Since", DATE), NOW))
        .isFalse();
    assertThat(CopyAnswer.notModified(copy, fields("If-Modified-Since", DATE), NOW)).isTrue();
    assertThat(
            CopyAnswer.notModified(
                copy, fields("If-Modified-Since", "Sun, 01 Mar 2026 11:58:59 GMT"), NOW))
        .isFalse();
    assertThat(CopyAnswer.notModified(copy, fields(), NOW)).isFalse();
    assertThat(CopyAnswer.notModified(copy(""), fields("If-None-Match", "\"a\""), NOW)).isFalse();
  }
}
