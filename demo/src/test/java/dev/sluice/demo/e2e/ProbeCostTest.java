package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.config.Configuration;
import dev.sluice.config.ConfigurationLoader;
import dev.sluice.demo.postgres.EmbeddedPostgres;
import dev.sluice.gateway.app.Clocks;
import dev.sluice.probes.monitor.Monitor;
import dev.sluice.probes.monitor.MonitorListener;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What watching one database costs it, and the machine that watches. Alone in its virtual machine:
 * other gateways' threads have the same names.
 */
@Isolated
@Timeout(90)
class ProbeCostTest {
  private static final int SECONDS = 10;
  private static final double SHARE_OF_A_CORE = .01;

  @TempDir Path folder;

  private Configuration configuration(EmbeddedPostgres postgres) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("routes.yaml"),
            """
            dependencies:
              - id: orders-db
                type: postgresql
                url: "r2dbc:postgresql://probe:probe@127.0.0.1:%d/orders"
                full-query: "select 1"
            """
                .formatted(postgres.port()));
    return Objects.requireNonNull(
        ConfigurationLoader.load(List.of(file), name -> null).configuration());
  }

  @Test
  void oneConnectionAtATimeAndLessThanAHundredthOfACore() throws IOException {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      postgres.execute("create role probe login password 'probe' connection limit 3");
      postgres.execute("create table held (n int)");
      Configuration configuration = configuration(postgres);
      try (Monitor monitor =
          new Monitor(
              configuration,
              Clocks.instants(),
              Clocks.nanos(),
              (of, posture) -> {},
              new MonitorListener() {},
              own -> Optional.empty())) {
        monitor.start();
        await("the first look")
            .atMost(Duration.ofSeconds(20))
            .until(
                () ->
                    Objects.requireNonNull(monitor.posture().dependencies().get("orders-db"))
                        .wellOnce());
        watched(postgres, 4);
        long before = cpuNanos();
        long begun = System.nanoTime();
        watched(postgres, SECONDS);
        double share = (double) (cpuNanos() - before) / (System.nanoTime() - begun);
        System.out.printf("watching a database takes %.3f %% of a core%n", share * 100);
        assertThat(share).isBetween(0.0, SHARE_OF_A_CORE);
      }
      // Fails with the number in its text, were there ever more than one.
      postgres.execute(
          """
          do $$ begin
            if (select max(n) from held) > 1 then
              raise exception 'at once: %', (select max(n) from held);
            end if;
          end $$""");
    }
  }

  /** Notes a hundred times a second how many connections the probe's role has. */
  private static void watched(EmbeddedPostgres postgres, int seconds) {
    for (int i = 0; i < seconds; i += 2) {
      postgres.execute(
          """
          do $$ begin
            for i in 1..180 loop
              perform pg_stat_clear_snapshot();
              insert into held select count(*) from pg_stat_activity where usename = 'probe';
              perform pg_sleep(.01);
            end loop;
          end $$""");
    }
  }

  /** Of the threads that probe, and not of those that test. */
  private static long cpuNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getAllThreadIds())
        .filter(id -> probes(threads, id))
        .map(threads::getThreadCpuTime)
        .sum();
  }

  private static boolean probes(ThreadMXBean threads, long id) {
    var info = threads.getThreadInfo(id);
    return info != null && info.getThreadName().matches("sluice-(probe|monitor).*");
  }
}
