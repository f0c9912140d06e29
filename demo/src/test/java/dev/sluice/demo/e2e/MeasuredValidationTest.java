package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What a validation measures, and what it costs those that it measures: much slower than on other
 * days, a pool that leaks slowly, clients that wait.
 */
@Tag("ops")
@Timeout(300)
@Isolated("measures how long connections take")
class MeasuredValidationTest {
  private static ValidatedStand validated;

  @BeforeAll
  static void start() {
    validated = ValidatedStand.start();
  }

  @AfterAll
  static void stop() throws IOException {
    validated.close();
  }

  @Test
  void threeTimesAsLongAsOnUsualDays() throws Exception {
    validated.well();
    for (int i = 0; i < 3; i++) {
      validated.validate(
          validated.stand.routes()); // usual days have whoever looks on the same machine, too
    }
    assertThat(validated.admin.get("/validations").body()).contains("\"verdict\":\"fixed\"");
    ValidatedStand.Ran usual = validated.validate(validated.stand.routes());
    assertThat(usual.exit()).as(usual.out()).isZero();
    assertThat(usual.out())
        .contains("usual days orders-db at the gateway: as fast as ")
        .contains("record   /api/orders/900000001: written, read back and removed");
    validated.port.late(60);
    try {
      validated.isNotFixed(
          validated.stand.routes(),
          "failed +usual days orders-db at the gateway: \\d+ of \\d+ took");
    } finally {
      validated.port.late(0);
    }
    validated.well();
  }

  @Test
  void aPoolThatForgetsOneConnectionInAFewHundredUses() throws IOException {
    validated.well();
    ValidatedStand.Ran usual = validated.validate(validated.stand.routes(), "--stress", "--drill");
    assertThat(usual.exit()).as(usual.out()).isZero();
    assertThat(usual.out()).contains("held     orders-write: two writes are held");
    assertThat(usual.out()).contains("at once: all answered, and every connection is back");
    validated.stand.world().backend().leakOneIn(200);
    try {
      ValidatedStand.Ran ran = validated.validate(validated.stand.routes(), "--stress");
      assertThat(ran.exit()).isEqualTo(1);
      assertThat(ran.out())
          .containsPattern("failed +pool +orders: \\d+ requests, 20 at once: .*(leak|starved)");
    } finally {
      validated.stand.world().restartBackend();
    }
    validated.well();
  }

  /** What a validation may do to a system that is well: a few connections, and nothing else. */
  @Test
  void aValidationHarmsNobody() throws Exception {
    validated.well();
    List<Long> before = reads(200);
    long sessions = sessions();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    List<Long> meanwhile = new ArrayList<>();
    long most = 0;
    try {
      Future<String> running = thread.submit(() -> validated.asked("quick"));
      while (!running.isDone()) {
        meanwhile.addAll(reads(10));
        most = Math.max(most, sessions());
      }
      assertThat(running.get()).contains("\"latest\":[{\"trigger\":\"asked\"");
      assertThat(running.get().split("\"steps\"")[0]).contains("\"verdict\":\"fixed\"");
    } finally {
      thread.shutdownNow();
    }
    System.out.printf(
        "sessions %d, at most %d meanwhile; p95 of reads %d us, %d us meanwhile%n",
        sessions, most, p95(before), p95(meanwhile));
    assertThat(most).isLessThanOrEqualTo(sessions + 2 * 11);
    assertThat(meanwhile).hasSizeGreaterThan(100);
    assertThat(p95(meanwhile)).isLessThan(Math.max(20 * p95(before), 100_000));
  }

  /** Microseconds of so many reads, one after the other. */
  private static List<Long> reads(int count) {
    List<Long> micros = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long begun = System.nanoTime();
      assertThat(validated.caller.get("/api/orders").status()).isEqualTo(200);
      micros.add((System.nanoTime() - begun) / 1_000);
    }
    return micros;
  }

  private static long p95(List<Long> micros) {
    List<Long> sorted = micros.stream().sorted().toList();
    return sorted.get(sorted.size() * 95 / 100);
  }

  private static long sessions() {
    String sql = "select count(*) from pg_stat_activity where backend_type = 'client backend'";
    return Long.parseLong(validated.stand.world().postgres().query(sql).get(0));
  }
}
