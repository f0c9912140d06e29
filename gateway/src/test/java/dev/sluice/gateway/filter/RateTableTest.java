package dev.sluice.gateway.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateTableTest {
  private static final Allowance TEN = new Allowance(1000, 10);

  /** A key of the first set. */
  private static long key(int number) {
    return (number + 1L) * RateTable.SETS;
  }

  @Test
  void holdsAHundredThousandBucketsAndNoMore() {
    assertThat(RateTable.SETS * RateTable.WAYS).isEqualTo(100_000);
  }

  @Test
  void aNewcomerTakesThePlaceOfWhoeverOwesTheLeast() {
    RateTable table = new RateTable();
    for (int client = 0; client < RateTable.WAYS; client++) {
      for (int i = 0; i <= client; i++) {
        table.take(key(client), TEN, 1);
      }
    }
    assertThat(table.take(key(8), TEN, 1)).isZero();
    // The first owed one token and was forgotten; the last still owes its eight.
    for (int i = 0; i < 2; i++) {
      assertThat(table.take(key(7), TEN, 1)).isZero();
    }
    assertThat(table.take(key(7), TEN, 1)).isPositive();
  }

  @Test
  void aFullBucketIsForgottenBeforeAnyOther() {
    RateTable table = new RateTable();
    for (int client = 0; client < RateTable.WAYS; client++) {
      long owes = client == 3 ? 1 : 10;
      for (int i = 0; i < owes; i++) {
        table.take(key(client), TEN, 1);
      }
    }
    long later = 1 + 2000;
    assertThat(table.take(key(99), TEN, later)).isZero();
    for (int client = 0; client < RateTable.WAYS; client++) {
      if (client != 3) {
        assertThat(table.take(key(client), TEN, later)).isZero();
        assertThat(table.take(key(client), TEN, later)).isZero();
        assertThat(table.take(key(client), TEN, later)).isPositive();
      }
    }
  }

  @Test
  void noTokenIsGivenTwiceToThreadsThatRace() throws InterruptedException {
    RateTable table = new RateTable();
    Allowance thousand = new Allowance(1_000_000_000L, 1000);
    int clients = 50;
    for (int client = 0; client < clients; client++) {
      table.take(1 + client * 7919L, thousand, 1);
    }
    AtomicLong passed = new AtomicLong(clients);
    Thread[] threads = new Thread[4];
    for (int t = 0; t < threads.length; t++) {
      SplittableRandom random = new SplittableRandom(t);
      threads[t] =
          new Thread(
              () -> {
                for (int i = 0; i < 100_000; i++) {
                  long key = 1 + random.nextInt(clients) * 7919L;
                  passed.addAndGet(table.take(key, thousand, 1) == 0 ? 1 : 0);
                }
              });
      threads[t].start();
    }
    for (Thread thread : threads) {
      thread.join(30_000);
    }
    assertThat(passed).hasValue(clients * 1000L);
  }
}
