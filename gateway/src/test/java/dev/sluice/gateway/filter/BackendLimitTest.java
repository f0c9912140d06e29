package dev.sluice.gateway.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Backend.Concurrency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BackendLimitTest {
  private final List<String> told = new ArrayList<>();
  private final LimitListener listener =
      new LimitListener() {
        @Override
        public void sheddingBegan(String backendId, int limit) {
          told.add(backendId + " began at " + limit);
        }

        @Override
        public void sheddingEnded(String backendId, long refused) {
          told.add(backendId + " ended after " + refused);
        }
      };

  private static BackendLimit fixed(int most, int maxWaiting) {
    return new BackendLimit(
        "b", new Concurrency(false, 1, most, maxWaiting, Duration.ofSeconds(1)));
  }

  /** Whoever is called writes its name down. */
  private static final class Named extends Turn {
    private final String name;
    private final List<String> called;
    private Slot slot;

    Named(String name, List<String> called) {
      this.name = name;
      this.called = called;
    }

    @Override
    protected void comes(Slot given) {
      slot = given;
      called.add(name);
    }
  }

  @Test
  void aSlotIsGivenBackOnceHoweverOftenThatIsSaid() {
    BackendLimit limit = fixed(2, 0);
    Slot first = limit.enter(false);
    limit.enter(false);
    assertThat(limit.enter(false)).isNull();
    first.release();
    first.release();
    assertThat(limit.inFlight()).isEqualTo(1);
    assertThat(limit.enter(false)).isNotNull();
    assertThat(limit.enter(false)).isNull();
  }

  @Test
  void whatIsEssentialPassesTheLineOfTheOthers() {
    BackendLimit limit = fixed(1, 2);
    List<String> called = new ArrayList<>();
    Slot first = limit.enter(true);
    Named a = new Named("a", called);
    Named b = new Named("b", called);
    Named urgent = new Named("urgent", called);
    assertThat(limit.join(a, false) && limit.join(b, false)).isTrue();
    assertThat(limit.join(new Named("c", called), false)).isFalse();
    assertThat(limit.join(urgent, true)).as("the others' line is full, this one is not").isTrue();
    assertThat(limit.waiting()).isEqualTo(3);
    first.release();
    urgent.slot.release();
    a.slot.release();
    assertThat(called).containsExactly("urgent", "a", "b");
    b.slot.release();
    assertThat(limit.inFlight()).isZero();
  }

  @Test
  void thoseThatWaitAreCalledInTheirOrderAndBeforeNewcomers() {
    BackendLimit limit = fixed(1, 3);
    List<String> called = new ArrayList<>();
    Slot first = limit.enter(false);
    Named a = new Named("a", called);
    Named b = new Named("b", called);
    Named c = new Named("c", called);
    assertThat(limit.join(a, false) && limit.join(b, false) && limit.join(c, false)).isTrue();
    assertThat(limit.join(new Named("d", called), false)).isFalse();
    assertThat(limit.leave(b, false)).isTrue();
    first.release();
    assertThat(called).containsExactly("a");
    assertThat(limit.leave(a, false)).isFalse();
    assertThat(limit.enter(false)).isNull();
    a.slot.release();
    assertThat(called).containsExactly("a", "c");
    c.slot.release();
    assertThat(limit.inFlight()).isZero();
    assertThat(limit.waiting()).isZero();
  }

  @Test
  void theLineStaysShortHoweverManyJoinAndLeave() {
    WaitingLine line = new WaitingLine();
    List<String> called = new ArrayList<>();
    Named steady = new Named("steady", called);
    line.join(steady, 10);
    for (int i = 0; i < 100_000; i++) {
      Named turn = new Named("x", called);
      assertThat(line.join(turn, 10)).isTrue();
      line.leave(turn);
      assertThat(line.places()).isLessThan(100);
    }
    assertThat(line.next()).isSameAs(steady);
    assertThat(line.empty() || line.next() == null).isTrue();
    assertThat(line.waiting()).isZero();
    assertThat(line.places()).isZero();
  }

  @Test
  void replayHasHalfAndStandsBackBehindThoseThatWait() {
    BackendLimit limit = fixed(4, 5);
    Slot one = limit.replay();
    assertThat(limit.replay()).isNotNull();
    assertThat(limit.replay()).isNull();
    one.release();
    Slot live = limit.enter(false);
    limit.enter(false);
    limit.enter(false);
    List<String> called = new ArrayList<>();
    assertThat(limit.join(new Named("a", called), false)).isTrue();
    assertThat(limit.replay()).isNull();
    live.release();
    assertThat(called).containsExactly("a");
    assertThat(limit.replay()).isNull();
  }

  @Test
  void aTickThatAddsSlotsOrSwitchesOffCallsThoseThatWait() {
    BackendLimit limit = fixed(1, 10);
    List<String> called = new ArrayList<>();
    limit.enter(false);
    for (int i = 0; i < 4; i++) {
      limit.join(new Named("w" + i, called), false);
    }
    limit.settings(new Concurrency(false, 1, 3, 10, Duration.ofSeconds(1)));
    limit.tick(false, listener);
    assertThat(called).containsExactly("w0", "w1");
    limit.tick(true, listener);
    assertThat(called).containsExactly("w0", "w1", "w2", "w3");
    limit.tick(false, listener);
    assertThat(limit.limit()).isEqualTo(3);
    assertThat(limit.enter(false)).isNull();
  }

  @Test
  void sheddingIsToldWhenItBeginsAndWhenItEnds() {
    BackendLimit limit = fixed(5, 0);
    limit.tick(false, listener);
    for (int i = 0; i < 30; i++) {
      limit.shed();
      limit.shed();
      limit.tick(false, listener);
    }
    assertThat(told).containsExactly("b began at 5");
    for (int i = 0; i < 100; i++) {
      limit.tick(false, listener);
    }
    assertThat(told).containsExactly("b began at 5", "b ended after 60");
    limit.shed();
    limit.tick(false, listener);
    assertThat(told).hasSize(3);
  }

  /** Threads that enter, wait, leave and release at random leave nothing behind. */
  @Test
  void noSlotIsLostAndNoneIsGivenTwiceUnderARace() throws InterruptedException {
    int most = 7;
    BackendLimit limit = fixed(most, 50);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger peak = new AtomicInteger();
    ConcurrentLinkedQueue<Slot> held = new ConcurrentLinkedQueue<>();
    Thread[] threads = new Thread[4];
    for (int t = 0; t < threads.length; t++) {
      SplittableRandom random = new SplittableRandom(t);
      threads[t] = new Thread(() -> crowd(limit, random, inside, peak, held));
      threads[t].start();
    }
    for (Thread thread : threads) {
      thread.join(60_000);
    }
    release(held, inside);
    assertThat(peak.get()).isBetween(2, most);
    assertThat(limit.waiting()).isZero();
    assertThat(limit.inFlight()).isZero();
  }

  private static void crowd(
      BackendLimit limit,
      SplittableRandom random,
      AtomicInteger inside,
      AtomicInteger peak,
      ConcurrentLinkedQueue<Slot> held) {
    for (int i = 0; i < 50_000; i++) {
      Slot slot = limit.enter(false);
      if (slot != null) {
        entered(slot, inside, peak, held);
      } else {
        Turn turn =
            new Turn() {
              @Override
              protected void comes(Slot given) {
                entered(given, inside, peak, held);
              }
            };
        if (limit.join(turn, false) && random.nextInt(3) == 0) {
          limit.leave(turn, false);
        }
      }
      if (random.nextInt(4) > 0) {
        Slot one = held.poll();
        if (one != null) {
          inside.decrementAndGet();
          one.release();
        }
      }
    }
  }

  private static void entered(
      Slot slot, AtomicInteger inside, AtomicInteger peak, ConcurrentLinkedQueue<Slot> held) {
    int now = inside.incrementAndGet();
    peak.accumulateAndGet(now, Math::max);
    held.add(slot);
  }

  private static void release(ConcurrentLinkedQueue<Slot> held, AtomicInteger inside) {
    for (Slot slot = held.poll(); slot != null; slot = held.poll()) {
      inside.decrementAndGet();
      slot.release();
    }
  }
}
