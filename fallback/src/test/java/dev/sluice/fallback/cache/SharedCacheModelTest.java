package dev.sluice.fallback.cache;

import static dev.sluice.fallback.cache.Samples.NOW;
import static dev.sluice.fallback.cache.Samples.reads;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Principal;
import dev.sluice.config.Reads;
import dev.sluice.config.Reads.Caching;
import dev.sluice.fallback.cache.LiteralCache.Answer;
import dev.sluice.fallback.cache.LiteralCache.Entry;
import dev.sluice.fallback.cache.Reuse.Act;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random histories of one URL, held step by step against {@link LiteralCache}. */
class SharedCacheModelTest {
  private static final Reads READS =
      reads(Caching.STANDARD, new Principal.Anonymous(), false, false);
  private static final CopyKey KEY = new CopyKey("orders", "shop", "/o", CopyKey.ANONYMOUS);
  private static final List<String> SAID =
      List.of(
          "max-age=5",
          "max-age=20",
          "max-age=0",
          "s-maxage=10",
          "s-maxage=0",
          "no-cache",
          "no-store",
          "private",
          "public",
          "must-revalidate",
          "proxy-revalidate",
          "stale-while-revalidate=15",
          "stale-if-error=10",
          "stale-if-error=0",
          "ext");
  private static final List<String> ASKED =
      List.of(
          "no-cache",
          "no-store",
          "max-age=0",
          "max-age=10",
          "min-fresh=5",
          "max-stale",
          "max-stale=10",
          "only-if-cached");

  private final CopyStore store = new CopyStore(1 << 20);
  private final LiteralCache literal = new LiteralCache(READS.maxStale().toSeconds());
  private final List<String> history = new ArrayList<>();
  private SplittableRandom random;
  private long now;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void doesWhatTheTextSays(long seed) {
    random = new SplittableRandom(seed);
    for (int step = 0; step < 20_000; step++) {
      now += random.nextInt(4) == 0 ? random.nextInt(12) : 0;
      now += random.nextInt(400) == 0 ? 2_000 : 0;
      if (random.nextInt(50) == 0) {
        store.evictTarget("shop", "/o");
        literal.clear();
        history.add(now + " a write");
      } else {
        request(some(ASKED, 3), random.nextInt(8) == 0);
      }
    }
  }

  private Map<String, String> some(List<String> directives, int rarely) {
    Map<String, String> fields = new TreeMap<>();
    List<String> chosen = new ArrayList<>();
    for (String each : directives) {
      String name = each.split("=")[0];
      boolean twice = chosen.stream().anyMatch(other -> other.split("=")[0].equals(name));
      if (random.nextInt(rarely * 3) == 0 && !twice) {
        chosen.add(each);
      }
    }
    if (!chosen.isEmpty()) {
      fields.put("cache-control", String.join(", ", chosen));
    }
    return fields;
  }

  private void request(Map<String, String> asked, boolean known) {
    if (known) {
      asked.put("authorization", "x");
    }
    if (random.nextBoolean()) {
      asked.put("x-lang", random.nextBoolean() ? "de" : "en");
    }
    history.add(now + " asked " + asked);
    HeaderFields fields = HeaderFields.of(lines(asked));
    StoredCopy copy = store.find(KEY, fields);
    Reuse.Plan plan = Reuse.plan(READS, fields, copy, store.knows(KEY), time());
    Answer allowed = literal.judge(asked, now);
    assertThat(expected(plan)).as(said()).isEqualTo(allowed);
    Entry entry = literal.chosen(asked);
    boolean standsIn = copy != null && Reuse.onError(READS, copy, time());
    assertThat(standsIn).as(said()).isEqualTo(literal.standsIn(asked, now));
    if (allowed != Answer.ASK && allowed != Answer.NEVER) {
      assertThat(Samples.text(copy)).as(said()).isEqualTo(entry.body());
      assertThat(copy.ageSeconds(time())).as(said()).isEqualTo(LiteralCache.age(entry, now));
    } else if (allowed == Answer.ASK) {
      answer(asked, fields, plan, copy, entry);
    }
  }

  private static Answer expected(Reuse.Plan plan) {
    return switch (plan.act()) {
      case SERVE -> plan.detail() == null ? Answer.FRESH : Answer.STALE_ALLOWED;
      case SERVE_AND_REFRESH -> Answer.REFRESH;
      case VALIDATE, FETCH -> Answer.ASK;
      case NOTHING -> Answer.NEVER;
    };
  }

  private void answer(
      Map<String, String> asked,
      HeaderFields fields,
      Reuse.Plan plan,
      StoredCopy copy,
      Entry entry) {
    Map<String, String> said = some(SAID, 2);
    if (random.nextInt(3) == 0) {
      said.put("age", Integer.toString(random.nextInt(10)));
    }
    if (plan.act() == Act.VALIDATE && random.nextBoolean()) {
      history.add(now + " still holds " + said);
      StoredCopy next = copy.confirmed(lines(said), time(), Duration.ZERO, false);
      store.confirm(READS, KEY, fields, next, store.stamp(KEY));
      Map<String, String> merged = new TreeMap<>(entry.said());
      merged.remove("age");
      merged.putAll(said);
      literal.confirm(entry, new Entry(entry.asked(), merged, entry.body(), now, 200));
      return;
    }
    if (random.nextInt(3) > 0) {
      said.put("vary", random.nextInt(10) == 0 ? "*" : "x-lang");
    }
    if (random.nextBoolean()) {
      said.put("etag", "\"" + history.size() + "\"");
    }
    String body = "body " + history.size();
    history.add(now + " answered " + said + " " + body);
    boolean stored =
        CopyPolicy.storable(READS, "GET", 200, lines(asked), lines(said), time()) == Storable.STORE;
    assertThat(stored).as(said()).isEqualTo(literal.stores(asked, said));
    if (stored) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      store.keep(KEY, fields, StoredCopy.answered(200, lines(said), bytes, time()));
      literal.store(new Entry(asked, said, body, now, 200));
    }
  }

  private Instant time() {
    return NOW.plusSeconds(now);
  }

  private static List<Map.Entry<String, String>> lines(Map<String, String> fields) {
    return new ArrayList<>(fields.entrySet());
  }

  private String said() {
    return String.join("\n", history.subList(Math.max(0, history.size() - 12), history.size()));
  }
}
