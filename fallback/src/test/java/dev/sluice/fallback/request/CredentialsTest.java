package dev.sluice.fallback.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
  private static final Map.Entry<String, String> PLAIN = Map.entry("Content-Type", "text/plain");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization",
        "COOKIE",
        "X-Api-Key",
        "X-Goog-IAP-JWT-Assertion",
        "X-Goog-Authenticated-User-Email",
        "X-Amzn-Oidc-Data",
        "X-Auth-Token",
        "Client-Cert"
      })
  void everyHeaderThatSaysWhoAsksIsKnownAndTakenOut(String name) {
    List<Map.Entry<String, String>> headers = List.of(PLAIN, Map.entry(name, "alice"));
    assertThat(Credentials.in(headers)).isTrue();
    assertThat(Credentials.without(headers)).containsExactly(PLAIN);
    assertThat(Credentials.digest(headers)).hasSize(64).doesNotContain("alice");
  }

  @Test
  void digestsTellCallersApartAndNothingElse() {
    Map.Entry<String, String> alice = Map.entry("Authorization", "Bearer alice");
    Map.Entry<String, String> cookie = Map.entry("Cookie", "a=b");
    String both = Credentials.digest(List.of(alice, PLAIN, cookie));
    assertThat(Credentials.digest(List.of(cookie, Map.entry("authorization", "Bearer alice"))))
        .isEqualTo(both);
    assertThat(Credentials.digest(List.of(alice))).isNotEqualTo(both);
    assertThat(Credentials.digest(List.of(Map.entry("Authorization", "Bearer bob"), cookie)))
        .isNotEqualTo(both);
    assertThat(Credentials.digest(List.of(PLAIN))).isEmpty();
  }
}
