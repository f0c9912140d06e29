package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
  private static final Place PLACE = new Place("f.yaml", 1, 1);

  @ParameterizedTest
  @CsvSource({"250ms, 250", "5s, 5000", "2m, 120000", "24h, 86400000", "1500ms, 1500"})
  void readsAndPrintsDurations(String text, long millis) {
    assertThat(Quantity.duration(text)).isEqualTo(Duration.ofMillis(millis));
    assertThat(Quantity.duration(Quantity.print(Duration.ofMillis(millis))))
        .isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "5 s", "0s", "-1s", "1.5s", "1d", "8785h", "99999999999s", "s", ""})
  void refusesWhatIsNoDuration(String text) {
    assertThat(Quantity.duration(text)).isNull();
  }

  @ParameterizedTest
  @CsvSource({"1B, 1", "64KiB, 65536", "1MiB, 1048576", "2GiB, 2147483648", "1000B, 1000"})
  void readsAndPrintsSizes(String text, long bytes) {
    assertThat(Quantity.bytes(text)).isEqualTo(bytes);
    assertThat(Quantity.bytes(Quantity.print(bytes))).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1MB", "1 MiB", "0KiB", "999999999GiB", "1kib"})
  void refusesWhatIsNoSize(String text) {
    assertThat(Quantity.bytes(text)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "${A}, one",
    "x${A}y${B:two}z, xoneytwoz",
    "$${A}, ${A}",
    "$$$$, $$",
    "cost $5, cost $5",
    "${B:http://h:80/}, http://h:80/",
    "${EMPTY:default}, ''"
  })
  void replacesVariables(String raw, String expected) {
    Problems problems = new Problems();
    Variables variables = new Variables(Map.of("A", "one", "EMPTY", "")::get, problems);

    assertThat(variables.replaced(raw, PLACE)).isEqualTo(expected);
    assertThat(problems.sorted()).isEmpty();
  }

  @Test
  void neverReplacesWhatAVariableHolds() {
    Variables variables = new Variables(Map.of("A", "${B}$$")::get, new Problems());

    assertThat(variables.replaced("${A}", PLACE)).isEqualTo("${B}$$");
  }

  @ParameterizedTest
  @ValueSource(strings = {"${", "${}", "${1A}", "${A", "${A-b}", "${MISSING}"})
  void aReferenceWithoutValueIsAProblem(String raw) {
    Problems problems = new Problems();

    assertThat(new Variables(name -> null, problems).replaced(raw, PLACE)).isNull();
    assertThat(problems.sorted()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/8", "127.0.0.1", "::1", "fd00::/8", "::ffff:10.0.0.1/128"})
  void readsAddressRanges(String text) {
    assertThat(Addresses.isCidr(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.0.0.0/33", "256.0.0.1", "10.0.0", "::1/129", "example.com", ":::", "/8"})
  void refusesWhatIsNoAddressRange(String text) {
    assertThat(Addresses.isCidr(text)).isFalse();
  }

  @Test
  void suggestsOnlyWhatIsNear() {
    List<String> words = List.of("port", "host", "max-body");

    assertThat(Nearest.hint("prot", words)).isEqualTo("did you mean 'port'?");
    assertThat(Nearest.hint("max_body", words)).isEqualTo("did you mean 'max-body'?");
    assertThat(Nearest.hint("maxBody", words)).isEqualTo("did you mean 'max-body'?");
    assertThat(Nearest.hint("drain", words)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "postgres://u@h/d, h, 5432, u, d, PREFER",
    "r2dbc:postgresql://u:p@[::1]:6432/d?sslMode=DISABLE, ::1, 6432, u, d, DISABLE",
    "postgresql://a%40b:p%2F%3A@10.0.0.1/my%20db?sslmode=require, 10.0.0.1, 5432, a@b, my db, REQUIRE",
    "postgresql://u:p@ss@h/d, h, 5432, u, d, PREFER"
  })
  void readsDatabaseUrls(
      String url, String host, int port, String user, String database, Target.SslMode ssl) {
    Problems problems = new Problems();
    Target.Postgres target =
        new PostgresUrl(problems, PLACE).read(new Scalar(url, url, Scalar.Kind.TEXT, PLACE));

    assertThat(problems.sorted()).isEmpty();
    assertThat(target).isNotNull();
    assertThat(
            List.of(target.host(), target.port(), target.user(), target.database(), target.ssl()))
        .containsExactly(host, port, user, database, ssl);
  }
}
