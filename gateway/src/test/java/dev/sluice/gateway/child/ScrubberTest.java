package dev.sluice.gateway.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScrubberTest {
  private final Scrubber scrubber =
      new Scrubber(
          Map.of(
              "DB_PASSWORD", "correct-horse",
              "STRIPE_KEY", "sk_live_1234567",
              "LOGIN_TOKEN", "abc",
              "HOME", "/home/orders"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no login for correct-horse at /home/orders|no login for *** at /home/orders",
        "charged with sk_live_1234567.|charged with ***.",
        "postgresql://orders:s3cr3t@db:5432/orders refused|postgresql://orders:***@db:5432/orders refused",
        "Password=hunter22 is wrong|Password=*** is wrong",
        "sent Authorization: Bearer abc.def.ghi, got 401|sent Authorization: Bearer ***, got 401",
        "\"token\": \"xyz\", \"id\": 7|\"token\": \"***\", \"id\": 7",
        "FATAL: password authentication failed for user abc|FATAL: password authentication failed for user abc"
      })
  void secretsAreTakenOutAndTheMessageStays(String line, String clean) {
    assertThat(scrubber.clean(line)).isEqualTo(clean);
  }

  @Test
  void aValueThatHoldsAnotherIsMaskedWhole() {
    Scrubber both = new Scrubber(Map.of("A_KEY", "secret1", "B_KEY", "secret1-and-more"));
    assertThat(both.clean("secret1-and-more")).isEqualTo("***");
  }
}
