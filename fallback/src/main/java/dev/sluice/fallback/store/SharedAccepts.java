package dev.sluice.fallback.store;

import dev.sluice.config.Store;
import dev.sluice.config.Writes.Quota;
import dev.sluice.fallback.queue.Admission.Accepted;
import dev.sluice.fallback.queue.Allowance;
import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.queue.StoreRefused;
import dev.sluice.fallback.queue.StoreRefused.Reason;
import io.r2dbc.spi.Connection;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The way of new writes into the shared database: what arrives while a transaction is under way
 * goes with the next one. Within a transaction the ordering keys are locked, in a fixed order,
 * before sequences are drawn: of two writes of one key the one that commits first has the lower
 * sequence, whichever gateways they came to.
 */
final class SharedAccepts {
  private static final int MAX_PENDING = 4096;
  private static final long MAX_PENDING_BYTES = 64L << 20;
  private static final int MAX_BATCH = 256;
  private static final long MAX_BATCH_BYTES = 4L << 20;
  private static final int AT_ONCE = 2;

  private final SharedPool pool;
  private final Seal seal;
  private final Tags tags;
  private final Store bounds;
  private final SharedView view;
  private final WriteIds ids = new WriteIds();
  private final Queue<Offer> pending = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final AtomicInteger running = new AtomicInteger();

  SharedAccepts(SharedPool pool, Seal seal, Tags tags, Store bounds, SharedView view) {
    this.pool = pool;
    this.seal = seal;
    this.tags = tags;
    this.bounds = bounds;
    this.view = view;
  }

  /** A write on its way in. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Offer(
      NewWrite write,
      Allowance allowance,
      byte[] content,
      String id,
      long now,
      @Nullable String orderTag,
      @Nullable String keyTag,
      String fingerprint,
      String principal,
      CompletableFuture<Accepted> future) {
    /** Numbers its ordering key among advisory locks; odd ones are those of keys. */
    long lock() {
      return Long.parseUnsignedLong(Objects.requireNonNull(orderTag), 0, 16, 16) | 1;
    }
  }

  CompletableFuture<Accepted> accept(NewWrite write, Allowance allowance, long now) {
    byte[] content = RecordCodec.encode(write);
    CompletableFuture<Accepted> future = new CompletableFuture<>();
    StoreRefused refusal = refusal(write, allowance, content.length);
    if (refusal != null) {
      future.completeExceptionally(refusal);
      return future;
    }
    pending.add(
        new Offer(
            write,
            allowance,
            content,
            ids.next(now),
            now,
            tags.order(write),
            tags.idempotency(write),
            tags.fingerprint(write),
            tags.principal(write.principalHash()),
            future));
    drain();
    return future;
  }

  /** By what was counted lately, and what waits here: other gateways may pass a bound meanwhile. */
  private @Nullable StoreRefused refusal(NewWrite write, Allowance allowance, long bytes) {
    String failure = view.failure();
    if (failure != null) {
      return new StoreRefused(Reason.UNHEALTHY, failure);
    }
    if (write.orderingKey() != null && !view.open(write.routeId())) {
      return new StoreRefused(Reason.FULL, "the other gateways are being told that it queues");
    }
    if (waiting.incrementAndGet() > MAX_PENDING
        || waitingBytes.addAndGet(bytes) > MAX_PENDING_BYTES) {
      left(bytes);
      return new StoreRefused(Reason.FULL, "too many writes wait for the store");
    }
    int percent = allowance.essential() ? 100 : bounds.highWater();
    if (view.activeRecords() >= bounds.maxRecords() / 100.0 * percent
        || view.activeBytes() + bytes > bounds.maxBytes() / 100.0 * percent) {
      left(bytes);
      return new StoreRefused(Reason.FULL, "the queue holds " + view.activeRecords() + " writes");
    }
    return null;
  }

  private void left(long bytes) {
    waiting.decrementAndGet();
    waitingBytes.addAndGet(-bytes);
  }

  /** Whoever adds an offer or ends a transaction comes by here, so that none is left behind. */
  private void drain() {
    while (!pending.isEmpty()) {
      int now = running.get();
      if (now >= AT_ONCE) {
        return;
      }
      if (running.compareAndSet(now, now + 1)) {
        send(batch());
      }
    }
  }

  private List<Offer> batch() {
    List<Offer> batch = new ArrayList<>();
    long bytes = 0;
    while (batch.size() < MAX_BATCH && bytes < MAX_BATCH_BYTES) {
      Offer next = pending.poll();
      if (next == null) {
        break;
      }
      left(next.content().length);
      bytes += next.content().length;
      batch.add(next);
    }
    return batch;
  }

  private void send(List<Offer> batch) {
    if (batch.isEmpty()) {
      running.decrementAndGet();
      return;
    }
    pool.transaction(first(batch), (connection, texts) -> kept(connection, batch, numbers(texts)))
        .doFinally(
            end -> {
              running.decrementAndGet();
              drain();
            })
        .subscribe(answers -> answer(batch, answers), error -> fail(batch, error));
  }

  /** Locks the ordering keys, then draws a sequence for each. */
  private static String first(List<Offer> batch) {
    TreeSet<Long> locks = new TreeSet<>();
    for (Offer offer : batch) {
      if (offer.orderTag() != null) {
        locks.add(offer.lock());
      }
    }
    StringBuilder sql = new StringBuilder();
    for (long lock : locks) {
      sql.append(sql.isEmpty() ? "SELECT " : ", ")
          .append("pg_advisory_xact_lock(")
          .append(lock)
          .append(")::text");
    }
    return (sql.isEmpty() ? "" : sql + "; ")
        + "SELECT nextval('sluice_sequence')::text FROM generate_series(1, "
        + batch.size()
        + ")";
  }

  /** A lock answers an empty text. */
  private static List<Long> numbers(List<String> texts) {
    return texts.stream().filter(text -> !text.isEmpty()).map(Long::valueOf).toList();
  }

  /** What becomes of each offer, by its id. */
  private Mono<Map<String, Function<Offer, Runnable>>> kept(
      Connection connection, List<Offer> batch, List<Long> sequences) {
    return shares(connection, batch)
        .flatMap(
            shares -> {
              Map<String, Function<Offer, Runnable>> answers = new HashMap<>();
              List<Offer> within = within(batch, shares, answers);
              return within.isEmpty()
                  ? Mono.just(answers)
                  : insert(connection, within, sequences, answers);
            });
  }

  private Mono<Map<String, Shares.Share>> shares(Connection connection, List<Offer> batch) {
    String[] principals =
        batch.stream()
            .filter(offer -> offer.allowance().quota() != null)
            .map(Offer::principal)
            .distinct()
            .toArray(String[]::new);
    if (principals.length == 0) {
      return Mono.just(Map.of());
    }
    return Queries.rows(
            connection,
            SharedSql.SHARES,
            row ->
                Map.entry(
                    Queries.text(row, 0),
                    new Shares.Share((int) Queries.number(row, 1), Queries.number(row, 2))),
            (Object) principals)
        .map(
            rows -> {
              Map<String, Shares.Share> found = new HashMap<>();
              rows.forEach(row -> found.put(row.getKey(), row.getValue()));
              return found;
            });
  }

  private static List<Offer> within(
      List<Offer> batch,
      Map<String, Shares.Share> shares,
      Map<String, Function<Offer, Runnable>> answers) {
    Map<String, Shares.Share> now = new HashMap<>(shares);
    List<Offer> within = new ArrayList<>();
    for (Offer offer : batch) {
      Quota quota = offer.allowance().quota();
      Shares.Share share = now.getOrDefault(offer.principal(), new Shares.Share(0, 0));
      long length = offer.content().length;
      if (quota != null
          && (share.records() >= quota.records() || share.bytes() + length > quota.bytes())) {
        String why = Shares.over(share);
        answers.put(offer.id(), o -> refused(o, new StoreRefused(Reason.QUOTA, why)));
      } else {
        now.put(offer.principal(), share.plus(1, length));
        within.add(offer);
      }
    }
    return within;
  }

  private static Runnable refused(Offer offer, StoreRefused refusal) {
    return () -> offer.future().completeExceptionally(refusal);
  }

  private Mono<Map<String, Function<Offer, Runnable>>> insert(
      Connection connection,
      List<Offer> offers,
      List<Long> sequences,
      Map<String, Function<Offer, Runnable>> answers) {
    return Queries.rows(
            connection,
            SharedSql.INSERT_WRITES,
            row -> Queries.text(row, 0),
            columns(offers, sequences))
        .flatMap(
            inserted -> {
              for (String id : inserted) {
                answers.put(id, this::accepted);
              }
              return existing(connection, offers, answers);
            });
  }

  private Object[] columns(List<Offer> offers, List<Long> sequences) {
    int size = offers.size();
    Long[] numbers = sequences.subList(0, size).toArray(Long[]::new);
    String[] digests = new String[size];
    String[] contents = new String[size];
    for (int i = 0; i < size; i++) {
      Offer offer = offers.get(i);
      byte[] sealed = seal.close(offer.content(), SharedRow.contentPlace(offer.id(), numbers[i]));
      digests[i] = Digests.sha256(sealed);
      contents[i] = Base64.getEncoder().encodeToString(sealed);
    }
    return new Object[] {
      numbers,
      texts(offers, Offer::id),
      offers.stream().map(Offer::now).toArray(Long[]::new),
      offers.stream().map(o -> o.now() + o.write().ttl().toMillis()).toArray(Long[]::new),
      texts(offers, o -> o.write().routeId()),
      texts(offers, o -> Objects.requireNonNullElse(o.orderTag(), "")),
      texts(offers, o -> Objects.requireNonNullElse(o.keyTag(), "")),
      texts(offers, Offer::fingerprint),
      texts(offers, Offer::principal),
      offers.stream().map(o -> (long) o.content().length).toArray(Long[]::new),
      texts(offers, o -> seal.keyId()),
      digests,
      contents
    };
  }

  private static String[] texts(List<Offer> offers, Function<Offer, String> text) {
    return offers.stream().map(text).toArray(String[]::new);
  }

  /** Of offers whose client's key was used before: the same request, or another. */
  private static Mono<Map<String, Function<Offer, Runnable>>> existing(
      Connection connection, List<Offer> offers, Map<String, Function<Offer, Runnable>> answers) {
    String[] keys =
        offers.stream()
            .filter(offer -> !answers.containsKey(offer.id()))
            .map(Offer::keyTag)
            .filter(Objects::nonNull)
            .toArray(String[]::new);
    if (keys.length == 0) {
      return Mono.just(answers);
    }
    return Queries.rows(
            connection,
            SharedSql.BY_KEYS,
            row -> List.of(Queries.text(row, 0), Queries.text(row, 1), Queries.text(row, 2)),
            (Object) keys)
        .map(
            rows -> {
              for (Offer offer : offers) {
                rows.stream()
                    .filter(row -> row.get(0).equals(offer.keyTag()))
                    .findFirst()
                    .ifPresent(row -> answers.putIfAbsent(offer.id(), before(row)));
              }
              return answers;
            });
  }

  private static Function<Offer, Runnable> before(List<String> row) {
    return offer ->
        row.get(2).equals(offer.fingerprint())
            ? known(offer, row.get(1))
            : refused(
                offer,
                new StoreRefused(Reason.KEY_CONFLICT, "the key was used for another request"));
  }

  /** Committed: what it stands in the way of is known here before anybody is answered. */
  private Runnable accepted(Offer offer) {
    return () -> {
      view.came(
          offer.write().routeId(), offer.orderTag(), offer.id(), offer.principal(), offer.keyTag());
      offer.future().complete(new Accepted(offer.id(), false));
    };
  }

  private static Runnable known(Offer offer, String id) {
    return () -> offer.future().complete(new Accepted(id, true));
  }

  private static void answer(List<Offer> batch, Map<String, Function<Offer, Runnable>> answers) {
    for (Offer offer : batch) {
      Function<Offer, Runnable> answer = answers.get(offer.id());
      if (answer == null) {
        refused(offer, new StoreRefused(Reason.UNHEALTHY, "the store kept nothing")).run();
      } else {
        answer.apply(offer).run();
      }
    }
  }

  /** Whether anything of it was kept is not known, and nothing of it is acknowledged. */
  private void fail(List<Offer> batch, Throwable error) {
    String failure = view.failed(error);
    batch.forEach(offer -> refused(offer, new StoreRefused(Reason.UNHEALTHY, failure)).run());
  }
}
