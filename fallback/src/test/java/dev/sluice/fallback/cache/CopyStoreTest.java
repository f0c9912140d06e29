package dev.sluice.fallback.cache;

import static dev.sluice.fallback.cache.Samples.copy;
import static dev.sluice.fallback.cache.Samples.headers;
import static dev.sluice.fallback.cache.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CopyStoreTest {
  private static final CopyKey KEY = new CopyKey("orders", "shop", "/o", CopyKey.PUBLIC);

  private final CopyStore store = new CopyStore(1_000_000);

  private void keep(StoredCopy copy, String... request) {
    store.keep(KEY, HeaderFields.of(headers(request)), copy);
  }

  private String find(String... request) {
    StoredCopy found = store.find(KEY, HeaderFields.of(headers(request)));
    return found == null ? null : text(found);
  }

  @Test
  void replacesTheCopyOfOneKey() {
    assertThat(find()).isNull();
    keep(copy("old"));
    keep(copy("new"));
    assertThat(find("Accept", "anything")).isEqualTo("new");
    assertThat(store.stats().entries()).isEqualTo(1);
    assertThat(store.stats().hits()).isEqualTo(1);
  }

  @Test
  void tellsVariantsApartByEveryHeaderThatVaryNames() {
    String[] vary = {"Vary", "Accept-Language", "vary", "accept , Accept-Language"};
    keep(copy("de", vary), "accept-language", "de", "Accept", "a");
    keep(copy("en", vary), "Accept-Language", "en", "Accept", "a");
    assertThat(find("Accept-Language", "de", "Accept", "a")).isEqualTo("de");
    assertThat(find("Accept-Language", "en", "ACCEPT", "a")).isEqualTo("en");
    assertThat(find("Accept-Language", "en", "Accept", "b")).isNull();
    assertThat(find("Accept-Language", "en")).isNull();
    assertThat(find("Accept-Language", "en", "Accept", "")).isNull();
  }

  @Test
  void dropsVariantsMadeUnderAnotherVary() {
    keep(copy("plain"));
    keep(copy("de", "Vary", "Accept-Language"), "Accept-Language", "de");
    assertThat(find("Accept-Language", "fr")).isNull();
    assertThat(find("Accept-Language", "de")).isEqualTo("de");
  }

  @Test
  void keepsNothingThatVariesByEverything() {
    keep(copy("before"));
    keep(copy("after", "Vary", "Accept, *"));
    assertThat(find()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip, br|BR,gzip|true",
        "gzip;q=0.5, br|br;q=1, gzip|true",
        "gzip|gzip;q=0|false",
        "gzip|identity|false",
        "gzip, *;q=0|gzip|false",
        "gzip;q=0.000|gzip; Q=0|true",
      })
  void comparesAcceptEncodingByMeaning(String kept, String asked, boolean same) {
    keep(copy("x", "Vary", "Accept-Encoding"), "Accept-Encoding", kept);
    assertThat(find("Accept-Encoding", asked) != null).isEqualTo(same);
    assertThat(find()).isNull();
  }

  @Test
  void capsTheVariantsOfOneKey() {
    IntStream.range(0, 40).forEach(n -> keep(copy("v" + n, "Vary", "X"), "X", "" + n));
    assertThat(IntStream.range(0, 40).filter(n -> find("X", "" + n) != null)).hasSize(16);
    assertThat(find("X", "39")).isEqualTo("v39");
    assertThat(find("X", "23")).isNull();
  }

  @Test
  void evictsOneKeyAlone() {
    CopyKey other = new CopyKey("orders", "shop", "/o", "ab12");
    keep(copy("x"));
    store.keep(other, HeaderFields.of(List.of()), copy("y"));
    store.evict(KEY);
    assertThat(find()).isNull();
    assertThat(store.find(other, HeaderFields.of(List.of()))).isNotNull();
  }

  @Test
  void evictsATargetOnAllRoutesAndOfAllPrincipals() {
    CopyKey otherRoute = new CopyKey("all", "SHOP", "/o", "ab12");
    CopyKey otherTarget = new CopyKey("orders", "shop", "/o?", CopyKey.PUBLIC);
    CopyKey otherHost = new CopyKey("orders", "shop2", "/o", CopyKey.PUBLIC);
    keep(copy("de", "Vary", "Accept-Language"), "Accept-Language", "de");
    keep(copy("en", "Vary", "Accept-Language"), "Accept-Language", "en");
    store.keep(otherRoute, HeaderFields.of(List.of()), copy("y"));
    store.keep(otherTarget, HeaderFields.of(List.of()), copy("z"));
    store.keep(otherHost, HeaderFields.of(List.of()), copy("z"));
    store.evictTarget("Shop", "/o");
    assertThat(find("Accept-Language", "de")).isNull();
    assertThat(find("Accept-Language", "en")).isNull();
    assertThat(store.find(otherRoute, HeaderFields.of(List.of()))).isNull();
    assertThat(store.find(otherTarget, HeaderFields.of(List.of()))).isNotNull();
    assertThat(store.find(otherHost, HeaderFields.of(List.of()))).isNotNull();
  }

  @Test
  void keepsNoAnswerThatWasUnderWayDuringAWrite() {
    long before = store.stamp(KEY);
    store.evictTarget("shop", "/o");
    store.keep(KEY, HeaderFields.of(List.of()), copy("old"), before);
    assertThat(find()).isNull();
    store.keep(KEY, HeaderFields.of(List.of()), copy("new"), store.stamp(KEY));
    assertThat(find()).isEqualTo("new");
  }

  @Test
  void staysWithinItsBytesCountingBodiesHeadersAndKeys() {
    CopyStore small = new CopyStore(50_000);
    for (int n = 0; n < 500; n++) {
      CopyKey key = new CopyKey("orders", "shop", "/o/" + n, "ann");
      small.keep(
          key, HeaderFields.of(List.of()), copy("b".repeat(1000), "X-Long", "h".repeat(1000)));
      assertThat(small.stats().bytes()).isBetween(2000L, 50_000L);
    }
    CopyStats stats = small.stats();
    assertThat(stats.entries()).isBetween(10L, 24L);
    assertThat(stats.entries() + stats.evictions()).isEqualTo(500);
    assertThat(small.targets()).isEqualTo((int) stats.entries());
  }

  @Test
  void findsEvictedTargetsAgainWhenTheyWereKeptAnew() {
    CopyStore small = new CopyStore(5_000);
    for (int n = 0; n < 300; n++) {
      CopyKey key = new CopyKey("orders", "shop", "/o/" + n % 7, CopyKey.PUBLIC);
      small.keep(key, HeaderFields.of(List.of()), copy("b".repeat(1000)));
    }
    IntStream.range(0, 7).forEach(n -> small.evictTarget("shop", "/o/" + n));
    assertThat(small.stats().entries()).isZero();
    assertThat(small.targets()).isZero();
    assertThat(small.stats().bytes()).isZero();
  }

  @Test
  void takesNoCopyGreaterThanItself() {
    CopyStore small = new CopyStore(1_000);
    small.keep(KEY, HeaderFields.of(List.of()), copy("b".repeat(2000)));
    assertThat(small.find(KEY, HeaderFields.of(List.of()))).isNull();
    assertThat(small.stats().bytes()).isZero();
  }
}
