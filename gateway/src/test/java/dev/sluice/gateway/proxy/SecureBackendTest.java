package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.proxy.UpstreamClient.Result;
import dev.sluice.gateway.route.Rewriting;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends over TLS: who is believed, what a failure is called, and how connections end. */
final class SecureBackendTest {
  private static final String DIRECT = "127.0.0.1";

  @TempDir static Path folder;
  @TempDir static Path strangers;
  private static TestAuthority authority;
  private static SSLContext right;

  @BeforeAll
  static void certificates() throws Exception {
    authority = new TestAuthority(folder);
    right = authority.server("dns:localhost,ip:127.0.0.1");
  }

  private static WireBackend secure(WireBackend.Script script, WireBackend.Layer layer)
      throws IOException {
    return new WireBackend(script, DIRECT, 0, layer);
  }

  private static String at(WireBackend backend, String more) {
    return "url: \"https://127.0.0.1:%d\", tls: { ca: \"%s\"%s }"
        .formatted(backend.port(), authority.certificate(), more);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void requestsAndAnswersPassOverTls(String version) throws IOException {
    String large = "x".repeat(3 << 20);
    WireBackend.Script echo =
        (request, in, out) -> {
          byte[] body = WireBackend.body(request, in);
          String text = request.line().startsWith("GET") ? large : body.length + " bytes";
          out.write(WireBackend.answer("200 OK", text).getBytes(StandardCharsets.US_ASCII));
          return true;
        };
    try (WireBackend backend = secure(echo, TestAuthority.speaking(right, version));
        UpstreamRig rig = new UpstreamRig(at(backend, ""));
        WireClient client = rig.client()) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.ask("POST", "/api/x", "y".repeat(300_000)).text())
            .isEqualTo("300000 bytes");
        assertThat(client.get("/api/x").text()).hasSize(large.length());
      }
      assertThat(backend.connections).hasValue(1);
      assertThat(rig.faults).isEmpty();
    }
  }

  @Test
  void theServerNameIsAskedForAndChecked() throws Exception {
    Set<String> asked = ConcurrentHashMap.newKeySet();
    WireBackend.Layer noting =
        plain -> {
          SSLSocket tls = (SSLSocket) TestAuthority.speaking(right).over(plain);
          ((ExtendedSSLSession) tls.getSession())
              .getRequestedServerNames()
              .forEach(name -> asked.add(new String(name.getEncoded(), StandardCharsets.US_ASCII)));
          return tls;
        };
    try (WireBackend backend = secure(WireBackend.text("x"), noting);
        UpstreamRig rig = new UpstreamRig(at(backend, ", server-name: localhost"));
        UpstreamRig other = new UpstreamRig(at(backend, ", server-name: elsewhere.example"))) {
      assertThat(rig.get().status()).isEqualTo(200);
      assertThat(asked).containsExactly("localhost");
      assertThat(other.get().text()).contains("the backend's certificate is for another name");
    }
  }

  @Test
  void aCertificateForAnotherNameIs502() throws Exception {
    fails(authority.server("dns:other.example"), "the backend's certificate is for another name");
  }

  @Test
  void anExpiredCertificateIs502() throws Exception {
    SSLContext expired = authority.server("ip:127.0.0.1", "-startdate", "-10d", "-validity", "5");
    fails(expired, "the backend's certificate has expired");
  }

  @Test
  void aCertificateOfTomorrowIs502() throws Exception {
    SSLContext early = authority.server("ip:127.0.0.1", "-startdate", "+1d");
    fails(early, "the backend's certificate is not valid yet");
  }

  @Test
  void aCertificateOfAnUnknownAuthorityIs502() throws Exception {
    SSLContext strange = new TestAuthority(strangers).server("ip:127.0.0.1");
    fails(strange, "the backend's certificate is not trusted");
  }

  @Test
  void withoutAnAuthorityOfItsOwnThePlatformsAreBelieved() throws Exception {
    try (WireBackend backend = secure(WireBackend.text("x"), TestAuthority.speaking(right));
        UpstreamRig rig =
            new UpstreamRig("url: \"https://127.0.0.1:%d\"".formatted(backend.port()))) {
      assertThat(rig.get().text()).contains("the backend's certificate is not trusted");
    }
  }

  @Test
  void aBackendWithoutTlsIs502() throws Exception {
    WireBackend.Layer plainly =
        plain -> {
          plain
              .getOutputStream()
              .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          return plain;
        };
    fails(plainly, "the backend does not speak TLS");
  }

  @Test
  void aBackendThatClosesInTheHandshakeIs502() throws Exception {
    WireBackend.Layer closing =
        plain -> {
          assertThat(plain.getInputStream().read(new byte[8192])).isPositive();
          throw new EOFException();
        };
    fails(closing, "the backend closed the connection in the TLS handshake");
  }

  private static void fails(SSLContext context, String detail) throws IOException {
    fails(TestAuthority.speaking(context), detail);
  }

  private static void fails(WireBackend.Layer layer, String detail) throws IOException {
    try (WireBackend backend = secure(WireBackend.text("x"), layer);
        UpstreamRig rig = new UpstreamRig(at(backend, ""))) {
      WireClient.Answer answer = rig.get();
      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.text()).contains(detail).doesNotContain("Exception", "PKIX", "CN=");
      assertThat(rig.witnessed).containsExactly("CONNECT");
      assertThat(backend.requests).isEmpty();
      await().until(() -> rig.figures().open() == 0);
      assertThat(rig.figures().failures()).isEqualTo(1);
      assertThat(rig.figures().connects()).isZero();
    }
  }

  @Test
  void aHandshakeThatStopsEndsAtTheConnectDeadline() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    WireBackend.Layer silent =
        plain -> {
          try {
            assertThat(end.await(10, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return plain;
        };
    try (WireBackend backend = secure(WireBackend.text("x"), silent);
        UpstreamRig rig = new UpstreamRig(at(backend, "") + ", connect-deadline: 300ms")) {
      WireClient.Answer answer = rig.get();
      assertThat(answer.status()).isEqualTo(504);
      assertThat(answer.text()).contains("the backend did not accept a connection in time");
      assertThat(rig.witnessed).containsExactly("TIMEOUT");
      await().until(() -> rig.figures().open() == 0);
    } finally {
      end.countDown();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void anAnswerThatEndsWithTheConnectionNeedsTheFarewell(String version) throws Exception {
    WireBackend.Script endless = WireBackend.raw("HTTP/1.1 200 OK\r\n\r\nhalf", false);
    try (WireBackend backend = secure(endless, TestAuthority.speaking(right, version));
        UpstreamRig rig = new UpstreamRig(at(backend, ""))) {
      assertThat(rig.get().text()).isEqualTo("half");
      backend.rude();
      assertThatThrownBy(rig::get).isInstanceOf(IOException.class);
      await().until(() -> rig.figures().open() == 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void sessionsAreResumed(String version) throws Exception {
    Set<Long> begun = ConcurrentHashMap.newKeySet();
    WireBackend.Layer noting =
        plain -> {
          Socket tls = TestAuthority.speaking(right, version).over(plain);
          begun.add(((SSLSocket) tls).getSession().getCreationTime());
          return tls;
        };
    try (WireBackend backend = secure(WireBackend.text("x"), noting);
        UpstreamRig rig = new UpstreamRig(at(backend, ", server-name: localhost"))) {
      for (int i = 0; i < 5; i++) {
        var result =
            rig.front
                .upstreams()
                .exchange(
                    rig.backend,
                    Rewriting.NONE,
                    "PUT",
                    "/a",
                    "shop",
                    List.of(),
                    new byte[9],
                    Duration.ofSeconds(5))
                .get(10, TimeUnit.SECONDS);
        assertThat(result).isInstanceOf(Result.Answered.class);
        int connections = i + 1;
        await().untilAtomic(backend.closed, org.hamcrest.Matchers.is(connections));
      }
      assertThat(backend.connections).hasValue(5);
      assertThat(begun).hasSize(1);
    }
  }

  @Test
  void theBackendsIdleCloseCostsNoRead() throws Exception {
    try (WireBackend backend = secure(WireBackend.text("x"), TestAuthority.speaking(right));
        UpstreamRig rig = new UpstreamRig(at(backend, ""));
        WireClient client = rig.client()) {
      for (int i = 0; i < 10; i++) {
        assertThat(client.get("/api/x").status()).isEqualTo(200);
        backend.cut();
        assertThat(client.get("/api/x").status()).isEqualTo(200);
      }
      assertThat(rig.witnessed).containsOnly("200");
      await().until(() -> rig.figures().open() == rig.figures().idle());
    }
  }

  @Test
  void clientsKilledInTheMiddleLeaveThePoolWhole() throws Exception {
    String text = "x".repeat(300_000);
    try (WireBackend backend = secure(WireBackend.text(text), TestAuthority.speaking(right));
        UpstreamRig rig = new UpstreamRig(at(backend, ""))) {
      for (int i = 0; i < 20; i++) {
        try (WireClient client = new WireClient(rig.front.port(), 2048)) {
          client.send("GET /api/x HTTP/1.1\r\nHost: a\r\n\r\n");
          assertThat(client.in().readNBytes(1 + i * 911)).isNotEmpty();
          client.kill();
        }
        assertThat(rig.get().text()).hasSize(text.length());
      }
      await().until(() -> rig.figures().open() == rig.figures().idle());
      assertThat(rig.faults).isEmpty();
    }
  }
}
