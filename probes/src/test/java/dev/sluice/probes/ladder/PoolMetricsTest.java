package dev.sluice.probes.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.probes.verdict.PoolFigures;
import org.junit.jupiter.api.Test;

class PoolMetricsTest {
  @Test
  void readsR2dbcPool() {
    String text =
        """
        # TYPE r2dbc_pool_acquired_connections gauge
        r2dbc_pool_acquired_connections{name="orders"} 10.0
        r2dbc_pool_allocated_connections{name="orders"} 10
        r2dbc_pool_idle_connections{name="orders"} 0
        r2dbc_pool_pending_connections{name="orders"} 3 1700000000000
        r2dbc_pool_max_allocated_connections{name="orders"} 1.0E1
        r2dbc_pool_max_pending_connections{name="orders"} 2147483647
        """;
    assertThat(PoolMetrics.in(text)).isEqualTo(new PoolFigures(10, 10, 0, 10, 3));
  }

  @Test
  void readsHikariAndTakesThePoolThatMostWaitFor() {
    String text =
        """
        hikaricp_connections{pool="a"} 4
        hikaricp_connections_active{pool="a"} 1
        hikaricp_connections_idle{pool="a"} 3
        hikaricp_connections_max{pool="a"} 10
        hikaricp_connections_pending{pool="a"} 0
        hikaricp_connections{pool="b"} 5
        hikaricp_connections_active{pool="b"} 5
        hikaricp_connections_idle{pool="b"} 0
        hikaricp_connections_max{pool="b"} 5
        hikaricp_connections_pending{pool="b"} 7
        hikaricp_connections_usage_seconds_count{pool="b"} 9
        """;
    assertThat(PoolMetrics.in(text)).isEqualTo(new PoolFigures(5, 5, 0, 5, 7));
  }

  @Test
  void whatIsIncompleteOrNoFigureSaysNothing() {
    assertThat(PoolMetrics.in("")).isNull();
    assertThat(PoolMetrics.in("r2dbc_pool_idle_connections 3\n<html>\nhikaricp_connections NaN"))
        .isNull();
    assertThat(PoolMetrics.in("hikaricp_connections{pool=\"a\"} 1e+e+1")).isNull();
  }
}
