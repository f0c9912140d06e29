package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProvenanceTest {
  private static final TrustedPeers TRUSTED =
      new TrustedPeers(List.of("10.0.0.0/8", "192.168.1.128/25", "fd00::/8", "127.0.0.1"));

  private static Provenance of(String peer, HttpHeaders headers) {
    var address = Objects.requireNonNull(Addresses.parse(peer));
    return Provenance.of(Peer.of(address, TRUSTED.contains(address), false), headers, TRUSTED);
  }

  private static HttpHeaders headers(String name, String... values) {
    return new DefaultHttpHeaders().add(name, List.of(values));
  }

  /** Lines of X-Forwarded-For from a trusted peer, the client that follows, and the chain. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "6.6.6.6 | 6.6.6.6 | 6.6.6.6, 10.0.0.1",
        "6.6.6.6, 7.7.7.7 | 7.7.7.7 | 6.6.6.6, 7.7.7.7, 10.0.0.1",
        "6.6.6.6, 7.7.7.7, 10.9.9.9 | 7.7.7.7 | 6.6.6.6, 7.7.7.7, 10.9.9.9, 10.0.0.1",
        "10.1.1.1, 10.9.9.9 | 10.1.1.1 | 10.1.1.1, 10.9.9.9, 10.0.0.1",
        "6.6.6.6, junk, 7.7.7.7 | 7.7.7.7 | 7.7.7.7, 10.0.0.1",
        "6.6.6.6, junk, 10.9.9.9 | 10.9.9.9 | 10.9.9.9, 10.0.0.1",
        "6.6.6.6, junk | 10.0.0.1 | 10.0.0.1",
        "6.6.6.6,, 10.9.9.9 | 10.9.9.9 | 10.9.9.9, 10.0.0.1",
        "6.6.6.6, unknown, 10.9.9.9 | 10.9.9.9 | 6.6.6.6, unknown, 10.9.9.9, 10.0.0.1",
        "6.6.6.6, _hidden | 10.0.0.1 | 6.6.6.6, _hidden, 10.0.0.1",
        "6.6.6.6:81 | 6.6.6.6 | 6.6.6.6:81, 10.0.0.1",
        "2001:DB8::1 | 2001:db8::1 | 2001:DB8::1, 10.0.0.1",
        "[2001:db8::1]:81 | 2001:db8::1 | [2001:db8::1]:81, 10.0.0.1",
        "::ffff:6.6.6.6 | 6.6.6.6 | ::ffff:6.6.6.6, 10.0.0.1",
        "6.6.6.6, ::ffff:10.2.2.2 | 6.6.6.6 | 6.6.6.6, ::ffff:10.2.2.2, 10.0.0.1",
        "6.6.6.6, 192.168.1.129 | 6.6.6.6 | 6.6.6.6, 192.168.1.129, 10.0.0.1",
        "6.6.6.6, 192.168.1.127 | 192.168.1.127 | 6.6.6.6, 192.168.1.127, 10.0.0.1",
        "6.6.6.6, fd12::1 | 6.6.6.6 | 6.6.6.6, fd12::1, 10.0.0.1",
      })
  void theClientIsTheRightmostThatIsNotTrusted(String given, String client, String chain) {
    Provenance from = of("10.0.0.1", headers("X-Forwarded-For", given));
    assertThat(from.clientText()).isEqualTo(client);
    assertThat(from.forwardedFor()).isEqualTo(chain);
  }

  @Test
  void linesAreOneChain() {
    Provenance from = of("10.0.0.1", headers("X-Forwarded-For", "5.5.5.5, 6.6.6.6", "10.3.3.3"));
    assertThat(from.clientText()).isEqualTo("6.6.6.6");
    assertThat(from.forwardedFor()).isEqualTo("5.5.5.5, 6.6.6.6, 10.3.3.3, 10.0.0.1");
  }

  @Test
  void nothingCountsOfAPeerThatIsNotTrusted() {
    HttpHeaders headers = headers("X-Forwarded-For", "10.0.0.1").add("Forwarded", "for=10.0.0.1");
    Provenance from = of("11.0.0.1", headers.add("X-Forwarded-Proto", "https"));
    assertThat(from.clientText()).isEqualTo("11.0.0.1");
    assertThat(from.forwardedFor()).isEqualTo("11.0.0.1");
    assertThat(from.forwarded()).isNull();
    assertThat(from.proto()).isNull();
  }

  @Test
  void ofAChainWithoutEndTheRightEndIsTaken() {
    String trusted = "10.0.0.2, ".repeat(1000) + "10.0.0.3";
    Provenance from = of("10.0.0.1", headers("X-Forwarded-For", "6.6.6.6, " + trusted));
    assertThat(from.clientText()).isEqualTo("10.0.0.2");
    assertThat(from.forwardedFor().split(", ")).hasSize(Provenance.MOST_HOPS + 1);
  }

  @Test
  void anAbsurdlyLongHopIsJunk() {
    Provenance from = of("10.0.0.1", headers("X-Forwarded-For", "_" + "a".repeat(30_000)));
    assertThat(from.forwardedFor()).isEqualTo("10.0.0.1");
  }

  @Test
  void forwardedWithMoreHopsThanCountIsDropped() {
    String many = "for=10.0.0.2, ".repeat(Provenance.MOST_HOPS) + "for=10.0.0.3";
    assertThat(of("10.0.0.1", headers("Forwarded", many)).forwarded()).isNull();
    String most = "for=10.0.0.2, ".repeat(Provenance.MOST_HOPS - 1) + "for=10.0.0.3";
    assertThat(of("10.0.0.1", headers("Forwarded", most)).forwarded()).isNotNull();
  }

  @Test
  void theSchemeIsTheOneThatTheClientUsed() {
    String given = "for=5.5.5.5;proto=http, for=6.6.6.6;proto=https, for=10.1.1.1;proto=http";
    Provenance from = of("fd00::1", headers("Forwarded", given));
    assertThat(from.clientText()).isEqualTo("6.6.6.6");
    assertThat(from.proto()).isEqualTo("https");
    assertThat(from.forwarded()).isEqualTo(given + ", for=\"[fd00::1]\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "for=\"_gazonk\"",
        "For=\"[2001:db8:cafe::17]:4711\"",
        "for=192.0.2.60;proto=http;by=203.0.113.43",
        "for=192.0.2.43, for=198.51.100.17",
        "for=unknown",
        "for=\"unknown:80\"",
        "for=\"6.6.6.6:_port\"",
        "proto=https",
        ", for=6.6.6.6, ,",
        "for=6.6.6.6;;proto=http;",
        "for=\"6.6\\.6.6\"",
      })
  void wellFormedForwardedPasses(String given) {
    assertThat(of("10.0.0.1", headers("Forwarded", given)).forwarded())
        .isEqualTo(given + ", for=10.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "for",
        "for=",
        "for=\"\"",
        "for=[2001:db8::1]",
        "for=2001:db8::1",
        "for=6.6.6.6:80",
        "for=\"2001:db8::1",
        "for=\"6.6.6.6\\",
        "for=6.6.6.256",
        "for=6.6.6.06",
        "for=\"[6.6.6.6]\"",
        "for=\"[::1]x\"",
        "for=\"[::1]:65536\"",
        "for=nobody",
        "for=_",
        "for = 6.6.6.6",
        "for=6.6.6.6 proto=http",
        "for=6.6.6.6;proto=http;Proto=https",
        "6.6.6.6",
        "for=6.6.6.6\u00e4",
      })
  void malformedForwardedIsDropped(String given) {
    Provenance from = of("10.0.0.1", new DefaultHttpHeaders().add("Forwarded", given));
    assertThat(from.forwarded()).isNull();
    assertThat(from.forwardedFor()).isEqualTo("10.0.0.1");
    assertThat(from.clientText()).isEqualTo("10.0.0.1");
  }

  @Test
  void tooLongAForwardedIsDropped() {
    String host = "for=6.6.6.6;host=" + "a".repeat(4096);
    assertThat(of("10.0.0.1", headers("Forwarded", host)).forwarded()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.2.3", "1.2.3.4.5", "1.2.3.4.", ".1.2.3.4", "01.2.3.4", "256.1.1.1", "1.2.3.-4",
            "1.2.3.4 ",
        "", ":", ":::", "1::2::3", "::g", "fe80::1%eth0", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
        "[::1]", "12345::1", "１::1"
      })
  void whatIsNoAddressIsNone(String text) {
    assertThat(Addresses.parse(text)).isNull();
  }
}
