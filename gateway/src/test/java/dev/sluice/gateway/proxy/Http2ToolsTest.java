package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What others wrote to speak HTTP/2 is served: curl, nghttp and h2load. */
@Tag("ops")
@Timeout(120)
final class Http2ToolsTest {
  @TempDir private Path folder;
  private Path authority;
  private Rig plain;
  private Rig secure;

  /**
   * A thousand requests at once wait in line: on a busy machine for longer than the usual second.
   */
  private static final String PATIENT = ", concurrency: { max-wait: 30s }";

  @BeforeEach
  void start() throws Exception {
    TestAuthority signer = new TestAuthority(folder);
    signer.write("one", "dns:localhost,ip:127.0.0.1");
    authority = signer.certificate();
    String tls = ", tls: { certificates: [ { chain: \"%1$s/one.pem\", key: \"%1$s/one.key\" } ] }";
    WireBackend.Script echo =
        (request, in, out) -> {
          byte[] body = WireBackend.body(request, in);
          String said = body.length == 0 ? "ok" : new String(body, StandardCharsets.UTF_8);
          out.write(WireBackend.answer("200 OK", said).getBytes(StandardCharsets.UTF_8));
          return true;
        };
    plain = new Rig(echo, "", PATIENT, null);
    secure = new Rig(echo, tls.formatted(folder), PATIENT, null);
  }

  @AfterEach
  void stop() throws IOException {
    assertThat(plain.faults).isEmpty();
    assertThat(secure.faults).isEmpty();
    plain.close();
    secure.close();
  }

  private String said(String... command) throws Exception {
    List<String> whole = new ArrayList<>(List.of("timeout", "60"));
    whole.addAll(Arrays.asList(command));
    Process tool = new ProcessBuilder(whole).redirectErrorStream(true).start();
    tool.getOutputStream().close();
    String said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(tool.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(tool.exitValue()).as("%s said %s", whole, said).isZero();
    return said;
  }

  private String clear(String path) {
    return "http://127.0.0.1:" + plain.front.port() + path;
  }

  private String overTls(String path) {
    return "https://localhost:" + secure.front.port() + path;
  }

  private String curl(String... more) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of("curl", "-sS", "--cacert", authority.toString(), "-w", " %{http_version}"));
    command.addAll(Arrays.asList(more));
    return said(command.toArray(String[]::new));
  }

  @Test
  void curlSpeaksEachProtocol() throws Exception {
    assertThat(curl("--http2-prior-knowledge", clear("/api/a"))).isEqualTo("ok 2");
    assertThat(curl("--http2", overTls("/api/a"))).isEqualTo("ok 2");
    assertThat(curl("--http1.1", overTls("/api/a"))).isEqualTo("ok 1.1");
    assertThat(curl("--http2", "-d", "hello", overTls("/api/a"))).isEqualTo("hello 2");
    assertThat(curl("--tlsv1.2", "--tls-max", "1.2", overTls("/api/a"))).isEqualTo("ok 2");
  }

  /** An Upgrade from HTTP/1.1, which RFC 9113 has given up, is passed over. */
  @Test
  void anUpgradeToHttp2IsAnsweredAsTheRequestThatItIs() throws Exception {
    assertThat(curl("--http2", clear("/api/a"))).isEqualTo("ok 1.1");
  }

  @Test
  void nghttpAsksOnManyStreamsAtOnce() throws Exception {
    for (String base : List.of(clear("/api/"), overTls("/api/"))) {
      String told = said("nghttp", "-v", "-n", "-m", "20", base + "a", base + "b", base + "c");
      assertThat(told.split(":status: 200", -1)).hasSize(61);
      assertThat(told).contains("recv SETTINGS frame").doesNotContain("PROTOCOL_ERROR");
    }
  }

  @Test
  void everyRequestOfH2loadIsAnswered() throws Exception {
    for (String url : List.of(clear("/api/a"), overTls("/api/a"))) {
      String told = said("h2load", "-n", "20000", "-c", "10", "-m", "100", url);
      assertThat(told)
          .contains("20000 total, 20000 started, 20000 done, 20000 succeeded, 0 failed");
      assertThat(told).contains("status codes: 20000 2xx");
    }
  }
}
