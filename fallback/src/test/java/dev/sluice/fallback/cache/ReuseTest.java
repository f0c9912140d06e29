package dev.sluice.fallback.cache;

import static dev.sluice.fallback.cache.Samples.NOW;
import static dev.sluice.fallback.cache.Samples.headers;
import static dev.sluice.fallback.cache.Samples.reads;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Principal;
import dev.sluice.config.Reads;
import dev.sluice.config.Reads.Caching;
import dev.sluice.fallback.cache.CacheStatus.Forwarded;
import dev.sluice.fallback.cache.Reuse.Act;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a copy is good for, each row with the section of RFC 9111; max-stale is 15 minutes. */
class ReuseTest {
  private static final Reads READS =
      reads(Caching.STANDARD, new Principal.Anonymous(), false, false);

  private static StoredCopy copy(String cacheControl) {
    return Samples.copy("body", "Cache-Control", cacheControl, "ETag", "\"1\"");
  }

  private static HeaderFields request(String cacheControl) {
    return HeaderFields.of(
        cacheControl == null ? headers() : headers("Cache-Control", cacheControl));
  }

  private static Instant after(long seconds) {
    return NOW.plus(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest(name = "{5}: [{0}] of {1} s asked with [{2}] -> {3}")
  @CsvSource(
      delimiter = '|',
      value = {
        "max-age=60|59||SERVE||4.2",
        "max-age=60|60||VALIDATE||4.2.4",
        "max-age=60, must-revalidate|59||SERVE||5.2.2.2",
        "max-age=60, must-revalidate|61||VALIDATE||5.2.2.2",
        "max-age=60, no-cache|1||VALIDATE||5.2.2.4",
        "max-age=60|10|no-cache|VALIDATE||5.2.1.4",
        "max-age=60|10|max-age=0|VALIDATE||5.2.1.1",
        "max-age=60|10|max-age=9|VALIDATE||5.2.1.1",
        "max-age=60|10|max-age=10|SERVE||5.2.1.1",
        "max-age=60|10|min-fresh=51|VALIDATE||5.2.1.3",
        "max-age=60|10|min-fresh=50|SERVE||5.2.1.3",
        "max-age=60|70|max-stale|SERVE|max-stale|5.2.1.2",
        "max-age=60|70|max-stale=10|SERVE|max-stale|5.2.1.2",
        "max-age=60|71|max-stale=10|VALIDATE||5.2.1.2",
        "max-age=60|961|max-stale|VALIDATE||the route's limit",
        "max-age=60, must-revalidate|70|max-stale|VALIDATE||5.2.2.2",
        "s-maxage=60|70|max-stale|VALIDATE||5.2.2.10",
        "max-age=60|70|only-if-cached|NOTHING||5.2.1.7",
        "max-age=60|10|only-if-cached|SERVE||5.2.1.7",
        "max-age=60|70|only-if-cached, max-stale=20|SERVE|max-stale|5.2.1.7",
        "max-age=60|10|no-store|FETCH||5.2.1.5",
        "max-age=60, stale-while-revalidate=30|89||SERVE_AND_REFRESH|stale-while-revalidate|RFC 5861 3",
        "max-age=60, stale-while-revalidate=30|90||VALIDATE||RFC 5861 3",
        "max-age=60, stale-while-revalidate=30|70|max-age=80|VALIDATE||5.2.1.1",
        "max-age=60, stale-while-revalidate=30|70|no-cache|VALIDATE||5.2.1.4",
        "max-age=60, must-revalidate, stale-while-revalidate=30|70||VALIDATE||5.2.2.2",
        "max-age=60, stale-while-revalidate=9999|961||VALIDATE||the route's limit"
      })
  void doesWhatTheTextSays(
      String answered, long seconds, String asked, Act act, String detail, String section) {
    Reuse.Plan plan = Reuse.plan(READS, request(asked), copy(answered), true, after(seconds));
    assertThat(plan.act()).as(section).isEqualTo(act);
    assertThat(plan.detail()).isEqualTo(detail);
  }

  @ParameterizedTest(name = "[{0}] of {1} s in an outage: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "max-age=60|10|true",
        "max-age=60|960|true",
        "max-age=60|961|false",
        "max-age=60, stale-if-error=30|90|true",
        "max-age=60, stale-if-error=30|91|false",
        "max-age=60, stale-if-error=9999|961|false",
        "max-age=60, stale-if-error=0|61|false",
        "max-age=60, must-revalidate|59|true",
        "max-age=60, must-revalidate|60|false",
        "max-age=60, must-revalidate, stale-if-error=30|61|false",
        "s-maxage=60|61|false",
        "max-age=60, proxy-revalidate|61|false",
        "max-age=60, no-cache|1|false",
        "max-age=60, no-cache, stale-if-error=100|1|false"
      })
  void standsInForErrors(String answered, long seconds, boolean served) {
    assertThat(Reuse.onError(READS, copy(answered), after(seconds))).isEqualTo(served);
  }

  @Test
  void whatIsNotStoredIsFetchedAndToldFromOtherVariants() {
    assertThat(Reuse.plan(READS, request(null), null, false, NOW).forwarded())
        .isEqualTo(Forwarded.URI_MISS);
    assertThat(Reuse.plan(READS, request(null), null, true, NOW).forwarded())
        .isEqualTo(Forwarded.VARY_MISS);
    assertThat(Reuse.plan(READS, request("only-if-cached"), null, false, NOW).act())
        .isEqualTo(Act.NOTHING);
  }

  @Test
  void withoutAValidatorItIsFetchedAndAPartIsNeverValidated() {
    StoredCopy bare = Samples.copy("body", "Cache-Control", "max-age=60");
    assertThat(Reuse.plan(READS, request(null), bare, true, after(70)).act()).isEqualTo(Act.FETCH);
    HeaderFields part = HeaderFields.of(headers("Range", "bytes=0-1"));
    assertThat(Reuse.plan(READS, part, copy("max-age=60"), true, after(70)).forwarded())
        .isEqualTo(Forwarded.PARTIAL);
    assertThat(Reuse.plan(READS, part, copy("max-age=60"), true, after(7)).act())
        .isEqualTo(Act.SERVE);
  }

  @Test
  void credentialsGetACopyOnlyWhereItsAnswerSaysSo() {
    HeaderFields known = HeaderFields.of(headers("Authorization", "x"));
    assertThat(Reuse.plan(READS, known, copy("max-age=60"), true, NOW).act()).isEqualTo(Act.FETCH);
    assertThat(Reuse.plan(READS, known, copy("public, max-age=60"), true, NOW).act())
        .isEqualTo(Act.SERVE);
  }

  @Test
  void aBackendThatFailedIsNotAskedForAWhile() {
    StoredCopy copy = copy("max-age=60");
    copy.hold(after(80));
    Reuse.Plan held = Reuse.plan(READS, request(null), copy, true, after(79));
    assertThat(held.act()).isEqualTo(Act.SERVE);
    assertThat(held.detail()).isEqualTo("hold-off");
    assertThat(Reuse.plan(READS, request(null), copy, true, after(80)).act())
        .isEqualTo(Act.VALIDATE);
    StoredCopy strict = copy("max-age=60, must-revalidate");
    strict.hold(after(80));
    assertThat(Reuse.plan(READS, request(null), strict, true, after(79)).act())
        .isEqualTo(Act.VALIDATE);
  }

  @Test
  void aConfirmedCopyHasTheNewHeadersAndTheOldBody() {
    StoredCopy old =
        Samples.copy(
            "body",
            "ETag",
            "\"1\"",
            "X-A",
            "old",
            "X-B",
            "stays",
            "Content-Type",
            "text/plain",
            "Cache-Control",
            "max-age=1");
    StoredCopy next =
        old.confirmed(
            headers(
                "x-a",
                "new",
                "Content-Length",
                "0",
                "Content-Type",
                "text/html",
                "Cache-Control",
                "max-age=60",
                "Set-Cookie",
                "a=b"),
            after(100),
            Duration.ZERO,
            false);
    assertThat(next.fields().get("X-A")).isEqualTo("new");
    assertThat(next.fields().get("X-B")).isEqualTo("stays");
    assertThat(next.fields().get("Content-Type")).isEqualTo("text/plain");
    assertThat(next.fields().all("Cache-Control")).containsExactly("max-age=60");
    assertThat(next.fields().has("Set-Cookie")).isFalse();
    assertThat(next.ttlSeconds(after(110))).isEqualTo(50);
    assertThat(Samples.text(next)).isEqualTo("body");
  }
}
