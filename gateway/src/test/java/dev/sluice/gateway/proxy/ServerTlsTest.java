package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients over TLS: which protocol, which certificate, whose, and what happens when they change.
 */
final class ServerTlsTest {
  @TempDir static Path folder;
  private static TestAuthority authority;
  private static SSLContext trusting;

  @BeforeAll
  static void certificates() throws Exception {
    authority = new TestAuthority(folder);
    authority.write("one", "dns:localhost,ip:127.0.0.1");
    authority.write("two", "dns:two.example,dns:*.wild.example");
    trusting = authority.client();
  }

  private static String listen(String more) {
    return ", tls: { certificates: [ { chain: \"%1$s/one.pem\", key: \"%1$s/one.key\" }, { chain: \"%1$s/two.pem\", key: \"%1$s/two.key\" } ]%2$s }"
        .formatted(folder, more);
  }

  private static Rig rig(String more) throws IOException {
    return new Rig(WireBackend.text("ok"), listen(more), "", null);
  }

  private static HttpResponse<String> get(Rig rig, SSLContext context, HttpClient.Version version)
      throws IOException, InterruptedException {
    HttpClient client = HttpClient.newBuilder().sslContext(context).version(version).build();
    URI uri = URI.create("https://localhost:" + rig.front.port() + "/api/a");
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void theProtocolIsWhatBothSpeak(HttpClient.Version version) throws Exception {
    try (Rig rig = rig("")) {
      HttpResponse<String> answer = get(rig, trusting, version);
      assertThat(answer.version()).isEqualTo(version);
      assertThat(answer.body()).isEqualTo("ok");
      WireBackend.Request seen = rig.backend.requests.get(0);
      assertThat(seen.header("x-forwarded-proto")).isEqualTo("https");
      assertThat(rig.faults).isEmpty();
    }
  }

  @Test
  void http2IsNotOfferedWhereItIsOff() throws Exception {
    try (Rig rig = new Rig(WireBackend.text("ok"), listen("") + ", http2: false", "", null)) {
      assertThat(get(rig, trusting, HttpClient.Version.HTTP_2).version())
          .isEqualTo(HttpClient.Version.HTTP_1_1);
    }
  }

  private static SSLSocket open(int port, SSLContext context, String name, String... versions)
      throws IOException {
    SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(
                    new Socket(InetAddress.getByName("127.0.0.1"), port), name, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(name)));
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    socket.setSSLParameters(parameters);
    if (versions.length > 0) {
      socket.setEnabledProtocols(versions);
    }
    socket.setSoTimeout(10_000);
    socket.startHandshake();
    return socket;
  }

  private static String names(SSLSocket socket) throws Exception {
    X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
    return String.valueOf(shown.getSubjectAlternativeNames());
  }

  @ParameterizedTest
  @ValueSource(strings = {"two.example", "a.wild.example", "TWO.example"})
  void theCertificateIsThatOfTheNameThatIsAskedFor(String name) throws Exception {
    try (Rig rig = rig("");
        SSLSocket socket = open(rig.front.port(), trusting, name)) {
      assertThat(names(socket)).contains("two.example");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "other.example", "a.b.wild.example", "wild.example"})
  void theFirstIsForEverybodyElse(String name) throws Exception {
    try (Rig rig = rig("");
        SSLSocket socket = open(rig.front.port(), trusting, name)) {
      assertThat(names(socket)).contains("localhost");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void twoVersionsAreSpoken(String version) throws Exception {
    try (Rig rig = rig("");
        SSLSocket socket = open(rig.front.port(), trusting, "localhost", version)) {
      assertThat(socket.getSession().getProtocol()).isEqualTo(version);
      String request = "GET /api/a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(answer).startsWith("HTTP/1.1 200").endsWith("ok");
    }
  }

  @Test
  void whoSpeaksNoTlsIsClosedAndNoFaultIsTold() throws Exception {
    try (Rig rig = rig("");
        WireClient plain = rig.client()) {
      plain.send("GET /api/a HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(plain.in().readAllBytes().length).isLessThan(100);
      await().until(() -> rig.front.connections() == 0);
      assertThat(rig.faults).isEmpty();
    }
  }

  @Test
  void whoShakesNoHandIsClosedAfterTheDeadline() throws Exception {
    try (Rig rig =
            new Rig(WireBackend.text("ok"), listen("") + ", header-deadline: 300ms", "", null);
        WireClient silent = rig.client()) {
      assertThat(silent.in().read()).isEqualTo(-1);
    }
  }

  @Test
  void clientsShowACertificateWhereOneIsRequired() throws Exception {
    try (Rig rig = rig(", client-ca: \"" + authority.certificate() + "\"")) {
      assertThatThrownBy(() -> get(rig, trusting, HttpClient.Version.HTTP_1_1))
          .isInstanceOf(IOException.class);
      SSLContext known = authority.client("caller");
      assertThat(get(rig, known, HttpClient.Version.HTTP_2).body()).isEqualTo("ok");
      assertThat(rig.backend.requests).hasSize(1);
    }
  }

  @Test
  void withoutOneTheyAreServedWhereItIsOptional() throws Exception {
    String more = ", client-ca: \"" + authority.certificate() + "\", client-certificates: optional";
    try (Rig rig = rig(more)) {
      assertThat(get(rig, trusting, HttpClient.Version.HTTP_1_1).body()).isEqualTo("ok");
    }
  }

  @Test
  void certificatesChangeUnderLoadWithoutAFailure() throws Exception {
    authority.write("one", "dns:localhost,ip:127.0.0.1");
    try (Rig rig = rig("")) {
      AtomicBoolean goOn = new AtomicBoolean(true);
      AtomicInteger served = new AtomicInteger();
      CompletableFuture<Void> load = CompletableFuture.runAsync(() -> load(rig, goOn, served));
      for (int i = 0; i < 5; i++) {
        int before = served.get();
        authority.write("one", "dns:localhost,dns:number" + i + ".example,ip:127.0.0.1");
        rig.front.lookAtCertificates();
        String expected = "number" + i;
        try (SSLSocket socket = open(rig.front.port(), trusting, "localhost")) {
          assertThat(names(socket)).contains(expected);
        }
        await().until(() -> served.get() > before || load.isDone());
      }
      goOn.set(false);
      load.join();
      assertThat(served.get()).isGreaterThan(5);
    }
  }

  /** Each time a new connection; the first that fails ends it. */
  private static void load(Rig rig, AtomicBoolean goOn, AtomicInteger served) {
    while (goOn.get()) {
      try {
        assertThat(get(rig, trusting, HttpClient.Version.HTTP_2).body()).isEqualTo("ok");
        served.incrementAndGet();
      } catch (Exception e) {
        throw new AssertionError("a request failed while certificates changed", e);
      }
    }
  }

  @Test
  void filesThatDoNotBelongTogetherChangeNothing() throws Exception {
    authority.write("one", "dns:localhost,ip:127.0.0.1");
    try (Rig rig = rig("")) {
      Path key = folder.resolve("one.key");
      String right = Files.readString(key);
      Files.writeString(key, Files.readString(folder.resolve("two.key")));
      rig.front.lookAtCertificates();
      assertThat(get(rig, trusting, HttpClient.Version.HTTP_1_1).body()).isEqualTo("ok");
      Files.writeString(key, right);
      rig.front.lookAtCertificates();
      assertThat(get(rig, trusting, HttpClient.Version.HTTP_1_1).body()).isEqualTo("ok");
    }
  }

  @Test
  void oldVersionsAreRefused() throws Exception {
    try (Rig rig = rig("")) {
      assertThat(Arrays.asList(trusting.getSupportedSSLParameters().getProtocols()))
          .contains("TLSv1.1");
      assertThatThrownBy(() -> open(rig.front.port(), trusting, "localhost", "TLSv1.1"))
          .isInstanceOf(SSLException.class);
    }
  }
}
