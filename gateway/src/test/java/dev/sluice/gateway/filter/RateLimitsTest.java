package dev.sluice.gateway.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.RateLimit;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long START = 77 * SECOND;
  private static final RateLimit TEN = limit(10, Duration.ofSeconds(1), 20);

  private final RateLimits limits = new RateLimits(new ClientKey(12345, 987654321), START);

  private static RateLimit limit(int requests, Duration per, int burst) {
    return new RateLimit(requests, per, burst, null);
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static InetAddress address(int number) {
    try {
      return InetAddress.getByAddress(
          new byte[] {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number});
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** How many of so many requests pass at this moment. */
  private int passed(RateLimit limit, InetAddress client, int asked, long now) {
    int passed = 0;
    for (int i = 0; i < asked; i++) {
      passed += limits.refusal("r", limit, null, client, now) == null ? 1 : 0;
    }
    return passed;
  }

  @Test
  void aClientHasItsBurstAndThenItsRateToTheNanosecond() {
    InetAddress client = address("192.0.2.1");
    assertThat(passed(TEN, client, 100, START)).isEqualTo(20);
    long token = SECOND / 10;
    assertThat(passed(TEN, client, 5, START + token - 1)).isZero();
    assertThat(passed(TEN, client, 5, START + token)).isEqualTo(1);
    assertThat(passed(TEN, client, 50, START + 11 * token)).isEqualTo(10);
    assertThat(passed(TEN, client, 50, START + 1000 * SECOND)).isEqualTo(20);
  }

  @Test
  void overAMinuteAClientGetsItsRateHoweverOftenItAsks() {
    InetAddress client = address("192.0.2.1");
    SplittableRandom random = new SplittableRandom(7);
    int passed = 0;
    for (long now = START; now < START + 60 * SECOND; now += 1 + random.nextLong(20_000_000)) {
      passed += passed(TEN, client, 1, now);
    }
    assertThat(passed).isBetween(20 + 598, 20 + 600);
  }

  @Test
  void aClientThatAsksTooMuchTakesNothingFromAnother() {
    InetAddress greedy = address("192.0.2.1");
    InetAddress modest = address("192.0.2.2");
    int refused = 0;
    for (int tick = 0; tick < 600; tick++) {
      long now = START + tick * SECOND / 10;
      passed(TEN, greedy, 50, now);
      refused += 1 - passed(TEN, modest, 1, now);
    }
    assertThat(refused).isZero();
  }

  @Test
  void routesAndNamesAreCountedApart() {
    InetAddress client = address("192.0.2.1");
    RateLimit one = limit(1, Duration.ofHours(1), 1);
    assertThat(limits.refusal("a", one, null, client, START)).isNull();
    assertThat(limits.refusal("b", one, null, client, START)).isNull();
    assertThat(limits.refusal("a", one, "alice", client, START)).isNull();
    assertThat(limits.refusal("a", one, "bob", client, START)).isNull();
    assertThat(limits.refusal("a", one, "bob", address("192.0.2.9"), START)).isNotNull();
    assertThat(limits.refusal("a", one, null, client, START)).isNotNull();
  }

  @Test
  void anIpv6NetworkIsOneClient() {
    RateLimit one = limit(1, Duration.ofHours(1), 1);
    assertThat(passed(one, address("2001:db8:1:2::1"), 1, START)).isEqualTo(1);
    assertThat(passed(one, address("2001:db8:1:2:ffff::7"), 1, START)).isZero();
    assertThat(passed(one, address("2001:db8:1:3::1"), 1, START)).isEqualTo(1);
  }

  @Test
  void aRefusalSaysWhenATokenIsThere() {
    InetAddress client = address("192.0.2.1");
    RateLimit slow = limit(6, Duration.ofMinutes(1), 1);
    assertThat(limits.refusal("r", slow, null, client, START)).isNull();
    assertThat(limits.refusal("r", slow, null, client, START + SECOND / 2))
        .isEqualTo(new RateRefusal(10, "\"default\";q=6;w=60", "\"default\";r=0;t=10"));
    assertThat(limits.refusal("r", slow, null, client, START + 10 * SECOND - 1).seconds())
        .isEqualTo(1);
    RateLimit quick = limit(3, Duration.ofMillis(100), 1);
    assertThat(limits.refusal("q", quick, null, client, START)).isNull();
    assertThat(limits.refusal("q", quick, null, client, START).policy())
        .isEqualTo("\"default\";q=30;w=1");
  }

  @Test
  void theLargestLimitsDoNotOverflow() {
    InetAddress client = address("192.0.2.1");
    RateLimit huge = limit(1, Duration.ofDays(366), 1_000_000);
    assertThat(passed(huge, client, 10, START)).isEqualTo(10);
    RateLimit fast = limit(1_000_000, Duration.ofMillis(1), 1_000_000);
    assertThat(passed(fast, address("192.0.2.2"), 1_000_001, START)).isEqualTo(1_000_000);
  }

  /** A million newcomers of one request each do not make the table forget whom it has refused. */
  @Test
  void aFloodOfAddressesDoesNotResetAClientOverItsLimit() {
    RateLimit limit = limit(20, Duration.ofHours(1), 20);
    InetAddress[] greedy = new InetAddress[100];
    for (int i = 0; i < greedy.length; i++) {
      greedy[i] = address("192.0.2." + i);
      assertThat(passed(limit, greedy[i], 30, START)).isEqualTo(20);
    }
    for (int i = 0; i < 1_000_000; i++) {
      assertThat(limits.refusal("r", limit, null, address(i), START)).isNull();
    }
    for (InetAddress client : greedy) {
      assertThat(passed(limit, client, 1, START)).isZero();
    }
  }
}
