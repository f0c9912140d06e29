package dev.sluice.fallback.store;

import dev.sluice.fallback.cache.CopyKey;
import dev.sluice.fallback.cache.CopyStore;
import dev.sluice.fallback.cache.Moment;
import dev.sluice.fallback.store.CopyCodec.Kept;
import dev.sluice.fallback.store.SharedChanges.Copy;
import dev.sluice.fallback.store.SharedCopyTables.Cursors;
import dev.sluice.fallback.store.SharedCopyTables.News;
import dev.sluice.fallback.store.SharedCopyTables.Sealed;
import dev.sluice.fallback.store.SharedCopyTables.Word;
import io.r2dbc.spi.R2dbcException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies in the database that gateways share, sealed with the store's key. Each tells what it keeps
 * and what is void, and hears of the others twice a second. Changes are numbered in the order of
 * their commits: a copy is taken only if no other gateway made its target void after what was heard
 * here when it was stored, so that no answer from before a write comes back after it. While the
 * database cannot be reached each gateway has its own copies.
 */
final class SharedCopies implements CopyMedium {
  private static final Logger log = LoggerFactory.getLogger("sluice.store");

  private static final Duration EVERY = Duration.ofMillis(500);
  private static final Duration REST = Duration.ofMillis(100);
  private static final Duration AGAIN = Duration.ofSeconds(10);
  private static final Duration TIDY = Duration.ofMinutes(1);
  private static final Duration VOIDS_KEPT = Duration.ofHours(1);

  /** A gateway that has heard nothing for so long cannot know any more what is void. */
  private static final Duration LONGEST_SILENCE = VOIDS_KEPT.minusMinutes(10);

  private static final long FETCH_BYTES = 4L << 20;

  private final SharedCopyTables tables;
  private final Seal seal;
  private final Tags tags;
  private final InstantSource clock;
  private final Instant begun;
  private final long maxBytes;
  private final SharedChanges changes = new SharedChanges();
  private final SharedLedger ledger = new SharedLedger();
  private volatile long heard;
  private long seen;
  private boolean ready;
  private Instant tried;
  private Instant listened;
  private Instant tidied;
  private String complaint = "";

  /**
   * Nothing is asked yet.
   *
   * @param begun since when this gateway may have copies
   * @param maxBytes of all copies in the database
   */
  SharedCopies(
      SharedPool pool, Seal seal, Tags tags, InstantSource clock, Instant begun, long maxBytes) {
    this.tables = new SharedCopyTables(pool, seal);
    this.seal = seal;
    this.tags = tags;
    this.clock = clock;
    this.begun = begun;
    this.maxBytes = maxBytes;
    this.listened = clock.instant();
    this.tidied = listened;
    this.tried = listened;
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public Duration rest() {
    return REST;
  }

  @Override
  public long heard() {
    return heard;
  }

  /** What cannot be read now comes as news later. */
  @Override
  public void each(long oldestMillis, Consumer<Kept> take) {
    try {
      begin();
      read(oldestMillis, take);
    } catch (RuntimeException e) {
      seen = 0;
      complain(e);
    }
  }

  private void begin() {
    tried = clock.instant();
    tables.make();
    Duration age = Duration.between(begun, tried).plusSeconds(1);
    Cursors first = tables.begin(age.toMillis());
    heard = first.voids();
    seen = first.copies();
    ready = true;
  }

  /** Whether the tables are there; now and then it is tried to make them. */
  private boolean ready() {
    if (!ready && Duration.between(tried, clock.instant()).compareTo(AGAIN) >= 0) {
      begin();
      seen = 0;
    }
    return ready;
  }

  private void read(long oldestMillis, Consumer<Kept> take) {
    long read = 0;
    Sealed last = new Sealed("", "", new byte[0], Long.MAX_VALUE);
    List<Sealed> page;
    do {
      page = tables.page(oldestMillis, last.storedAt(), last.id());
      for (Sealed each : page) {
        read += each.content().length;
        open(each, take);
        last = each;
      }
    } while (page.size() == SharedCopyTables.CONTENTS && read < maxBytes);
  }

  private void open(Sealed copy, Consumer<Kept> take) {
    Kept kept;
    try {
      kept = CopyCodec.decode(seal.open(copy.content(), copy.keyId(), copy.id()));
    } catch (DamagedRecord e) {
      log.debug("a stored copy is left out: {}", e.getMessage());
      return;
    }
    CopyKey key = kept.key();
    String place = tags.place(key.host(), key.target());
    long storedAt = kept.copy().storedAt().toEpochMilli();
    ledger.here(place, copy.id(), storedAt);
    ledger.there(place, copy.id(), storedAt);
    take.accept(kept);
  }

  @Override
  public void put(Kept kept, long heardThen) {
    Copy copy = Copy.of(kept, heardThen, tags);
    ledger.here(copy.place(), copy.id(), copy.storedAt());
    if (ledger.worthTelling(copy.place(), copy.id(), copy.storedAt())) {
      changes.put(copy);
    }
  }

  @Override
  public void drop(Voided gone) {
    String place = tags.place(gone.host(), gone.target());
    ledger.forget(place);
    changes.drop(gone.key() == null ? place : tags.entry(gone.key()), gone);
  }

  @Override
  public void clear() {
    ledger.forgetAll();
    changes.clear();
  }

  /** What is void waits until the database knows it; copies that it does not take are let go. */
  @Override
  public void commit(long oldestMillis) {
    try {
      if (!ready()) {
        return;
      }
      while (changes.anyVoid()) {
        Map<String, Voided> some = changes.someVoids();
        tables.tell(some);
        changes.told(some);
      }
      for (List<Copy> some = changes.takeCopies(); !some.isEmpty(); some = changes.takeCopies()) {
        tables.tell(some);
        some.forEach(copy -> ledger.there(copy.place(), copy.id(), copy.storedAt()));
      }
      tidy(oldestMillis);
    } catch (RuntimeException e) {
      complain(e);
    }
  }

  private void tidy(long oldestMillis) {
    Instant now = clock.instant();
    if (Duration.between(tidied, now).compareTo(TIDY) >= 0) {
      tidied = now;
      tables.tidy(oldestMillis, maxBytes, VOIDS_KEPT);
    }
  }

  /** Nothing comes from the database while it does not know what is void here. */
  @Override
  public void hear(CopyStore copies, Moment asOf) {
    try {
      if (!ready) {
        return;
      }
      Instant now = clock.instant();
      if (Duration.between(listened, now).compareTo(LONGEST_SILENCE) > 0) {
        log.warn("All stored copies are void: what others made void was not heard for too long");
        forgetAll(copies, asOf);
        seen = 0;
      }
      hearVoids(copies, asOf);
      listened = now;
      if (!changes.anyVoid()) {
        hearNews(copies, asOf);
        relent();
      }
    } catch (RuntimeException e) {
      complain(e);
    }
  }

  private void forgetAll(CopyStore copies, Moment asOf) {
    ledger.forgetAll();
    copies.hearAll(asOf);
  }

  private void hearVoids(CopyStore copies, Moment asOf) {
    List<Word> words;
    do {
      words = tables.voids(heard);
      words.forEach(word -> hear(word, copies, asOf));
      heard = words.isEmpty() ? heard : words.get(words.size() - 1).change();
    } while (words.size() == SharedCopyTables.PAGE);
  }

  private void hear(Word word, CopyStore copies, Moment asOf) {
    if (word.what().equals(SharedChanges.ALL)) {
      forgetAll(copies, asOf);
      return;
    }
    try {
      hear(
          CopyCodec.decodeVoided(seal.open(word.content(), word.keyId(), word.what())),
          copies,
          asOf);
    } catch (DamagedRecord e) {
      log.warn("All stored copies are void, for want of knowing which: {}", e.getMessage());
      forgetAll(copies, asOf);
    }
  }

  private void hear(Voided gone, CopyStore copies, Moment asOf) {
    ledger.forget(tags.place(gone.host(), gone.target()));
    if (gone.key() == null) {
      copies.hearTarget(gone.host(), gone.target(), asOf);
    } else {
      copies.hear(gone.key(), asOf);
    }
  }

  private void hearNews(CopyStore copies, Moment asOf) {
    List<News> news;
    do {
      news = tables.news(seen);
      List<String> wanted = new ArrayList<>();
      long bytes = 0;
      for (News each : news) {
        if (ledger.worthHaving(each.place(), each.id(), each.storedAt())) {
          wanted.add(each.id());
          bytes += each.bytes();
        }
        ledger.there(each.place(), each.id(), each.storedAt());
        if (bytes > FETCH_BYTES) {
          adopt(wanted, copies, asOf);
          wanted.clear();
          bytes = 0;
        }
      }
      adopt(wanted, copies, asOf);
      seen = news.isEmpty() ? seen : news.get(news.size() - 1).change();
    } while (news.size() == SharedCopyTables.PAGE);
  }

  private void adopt(List<String> ids, CopyStore copies, Moment asOf) {
    if (!ids.isEmpty()) {
      for (Sealed copy : tables.some(ids)) {
        open(copy, kept -> copies.adopt(kept.key(), kept.tag(), kept.copy(), asOf));
      }
    }
  }

  private void complain(RuntimeException e) {
    Throwable cause = e instanceof R2dbcException || e.getCause() == null ? e : e.getCause();
    String words = SharedTrouble.words(cause);
    if (!words.equals(complaint)) {
      log.warn("Stored copies are not shared for the moment: {}", words);
      complaint = words;
    }
  }

  private void relent() {
    if (!complaint.isEmpty()) {
      log.info("Stored copies are shared again");
      complaint = "";
    }
  }

  /** The connections are the store's. */
  @Override
  public void close() {}
}
