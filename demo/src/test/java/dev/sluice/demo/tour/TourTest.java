package dev.sluice.demo.tour;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The tour holds while something else keeps the machine busy. */
@Timeout(180)
class TourTest {
  private final AtomicBoolean busy = new AtomicBoolean(true);
  private final StringWriter printed = new StringWriter();
  private Thread load;

  @BeforeEach
  void loadTheMachine() {
    load = new Thread(this::work, "busy");
    load.start();
  }

  @AfterEach
  void rest() throws InterruptedException {
    busy.set(false);
    load.join();
  }

  private void work() {
    while (busy.get()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void everyStepHoldsBesideAnotherLoad() {
    boolean held = Tour.run(new PrintWriter(printed));
    assertThat(printed.toString())
        .containsSubsequence(
            "ok   mode full",
            "ok   POST /api/orders answers 201 through the gateway",
            "ok   verdict INFRASTRUCTURE",
            "INFRASTRUCTURE: vpc-path",
            "ok   breaker open",
            "ok   mode infra-failure",
            "ok   /health/orders answers 200 warn",
            "ok   GET /api/orders answers from a stored copy",
            "ok   POST 3 is held durably and answered 202",
            "ok   a second PUT of it joins behind the first",
            "ok   the supervisor restarted the backend 0 times in the outage",
            "ok   every held write is released",
            "ok   PostgreSQL holds each written row exactly once",
            "ok   the backend saw both PUTs, in the order of their acceptance",
            "ok   reads are live again",
            "ok   verdict APPLICATION",
            "APPLICATION: schema",
            "ok   the mode stays full: no breaker opens",
            "Every step held.");
    assertThat(held).isTrue();
  }
}
