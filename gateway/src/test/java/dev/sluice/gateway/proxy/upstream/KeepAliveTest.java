package dev.sluice.gateway.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeepAliveTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "timeout=5         | 4",
        "max=9, Timeout=3  | 2",
        "timeout = \"6\"   | 5",
        "timeout=1         | 0",
        "timeout=0         | 0",
        "timeout=60        | 10",
        "timeout=999999999 | 10",
        "timeout=9999999999| 10",
        "timeout=-3        | 10",
        "timeout           | 10",
        "max=100           | 10",
        "nonsense          | 10"
      })
  void secondsThatAConnectionIsKept(String header, long seconds) {
    assertThat(KeepAlive.limit(header, TimeUnit.SECONDS.toNanos(10)))
        .isEqualTo(TimeUnit.SECONDS.toNanos(seconds));
  }
}
