package dev.sluice.gateway.proxy;

import static dev.sluice.gateway.proxy.FrameClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.proxy.FrameClient.Answer;
import dev.sluice.gateway.proxy.FrameClient.Frame;
import dev.sluice.probes.mode.BreakerState;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backends that speak HTTP/2: another gateway, or frames that the test chooses. */
@Timeout(60)
final class Http2BackendTest {
  private static final WireBackend.Script ECHO =
      (request, in, out) -> {
        byte[] body = WireBackend.body(request, in);
        say(out, request.line() + " " + body.length);
        return true;
      };

  @TempDir static Path folder;

  private static void say(OutputStream out, String text) throws IOException {
    raw(out, WireBackend.answer("200 OK", text));
  }

  private static void raw(OutputStream out, String bytes) throws IOException {
    out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static Rig before(Rig backend) throws IOException {
    return Rig.before("http://127.0.0.1:" + backend.front.port(), ", http2: true");
  }

  @Test
  void requestsAndAnswersPass() throws IOException {
    try (Rig backend = new Rig(ECHO);
        Rig rig = before(backend);
        WireClient old = rig.client();
        FrameClient client = new FrameClient(rig.front.port())) {
      assertThat(old.get("/api/a?b=c").text()).isEqualTo("GET /api/a?b=c HTTP/1.1 0");
      old.send("POST /api/b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
      old.send("3\r\nabc\r\n0\r\n\r\n");
      assertThat(old.answer().text()).isEqualTo("POST /api/b HTTP/1.1 3");
      assertThat(client.get(1, "/api/c").answer(1).body()).isEqualTo("GET /api/c HTTP/1.1 0");
      client.head(3, false, request("POST", "/api/d")).data(3, true, "abcd");
      assertThat(client.answer(3).body()).isEqualTo("POST /api/d HTTP/1.1 4");
      Answer head = client.head(5, true, request("HEAD", "/api/e")).answer(5);
      assertThat(head.header("content-length")).isNotNull();
      assertThat(backend.front.connections()).isEqualTo(1);
      assertThat(backend.backend.requests.get(0).header("host")).isEqualTo("shop");
      assertThat(rig.faults).isEmpty();
      assertThat(backend.faults).isEmpty();
    }
  }

  @Test
  void trailersPassBothWaysAsGrpcNeedsThem() throws IOException {
    CompletableFuture<String> came = new CompletableFuture<>();
    WireBackend.Script script =
        (request, in, out) -> {
          came.complete(Wire.head(in));
          raw(
              out,
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                  .concat("2\r\nok\r\n0\r\ngrpc-status: 0\r\n\r\n"));
          return true;
        };
    try (Rig backend = new Rig(script);
        Rig rig = before(backend);
        FrameClient client = new FrameClient(rig.front.port())) {
      client.head(1, false, request("POST", "/api/a", "content-type", "application/grpc"));
      client.data(1, false, "abc").head(1, true, "x-sum", "7");
      Answer answer = client.answer(1);
      assertThat(answer.body()).isEqualTo("ok");
      assertThat(answer.trailers()).containsExactly("grpc-status: 0");
      assertThat(came.join()).isEqualTo("3\r\nabc\r\n0\r\nx-sum: 7");
    }
  }

  @Test
  void largeBodiesPassWithinTheWindows() throws IOException {
    String large = "x".repeat(8 << 20);
    WireBackend.Script script =
        (request, in, out) -> {
          int came = WireBackend.body(request, in).length;
          say(out, request.line().startsWith("GET") ? large : came + " bytes");
          return true;
        };
    try (Rig backend = new Rig(script);
        Rig rig = before(backend);
        WireClient client = rig.client()) {
      assertThat(client.get("/api/large").body().length).isEqualTo(large.length());
      client.send(
          "POST /api/up HTTP/1.1\r\nHost: a\r\nContent-Length: " + large.length() + "\r\n\r\n");
      client.send(large);
      assertThat(client.answer().text()).isEqualTo(large.length() + " bytes");
      assertThat(backend.front.connections()).isEqualTo(1);
    }
  }

  @Test
  void manyExchangesShareFewConnections() throws Exception {
    CountDownLatch all = new CountDownLatch(150);
    WireBackend.Script script =
        (request, in, out) -> {
          all.countDown();
          try {
            all.await(20, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          say(out, "ok");
          return true;
        };
    try (Rig backend = new Rig(script, "", ", concurrency: { adaptive: false, max: 1000 }", null);
        Rig rig =
            Rig.before(
                "http://127.0.0.1:" + backend.front.port(),
                ", http2: true, concurrency: { adaptive: false, max: 1000 }")) {
      List<WireClient> clients = new ArrayList<>();
      for (int i = 0; i < 150; i++) {
        clients.add(rig.client().send("GET /api/a HTTP/1.1\r\nHost: a\r\n\r\n"));
      }
      for (WireClient client : clients) {
        assertThat(client.answer().text()).isEqualTo("ok");
      }
      assertThat(backend.front.connections()).isBetween(2, 3);
      for (WireClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void overTlsTheProtocolIsAgreedUpon() throws Exception {
    TestAuthority authority = new TestAuthority(folder);
    authority.write("one", "dns:localhost,ip:127.0.0.1");
    String tls =
        ", tls: { certificates: [ { chain: \"%1$s/one.pem\", key: \"%1$s/one.key\" } ] }"
            .formatted(folder);
    String more = ", http2: true, tls: { ca: \"" + authority.certificate() + "\" }";
    for (boolean both : new boolean[] {true, false}) {
      try (Rig backend = new Rig(ECHO, tls + ", http2: " + both, "", null);
          Rig rig = Rig.before("https://127.0.0.1:" + backend.front.port(), more)) {
        assertThat(rig.get("/api/a").text()).isEqualTo("GET /api/a HTTP/1.1 0");
        assertThat(rig.get("/api/b").text()).isEqualTo("GET /api/b HTTP/1.1 0");
        assertThat(backend.backend.requests.get(0).header("x-forwarded-proto")).isEqualTo("https");
        assertThat(backend.front.connections()).isEqualTo(1);
      }
    }
  }

  @Test
  void aBackendThatIsGoneIsAnOutageAsEver() throws IOException {
    try (Rig rig = Rig.before("http://127.0.0.1:1", ", http2: true");
        WireClient client = rig.client()) {
      assertThat(client.get("/api/a").status()).isEqualTo(502);
      assertThat(rig.witnessed).contains("CONNECT");
    }
  }

  @Test
  void copiesStandInWhenABackendOverHttp2Dies() throws IOException {
    try (Rig backend = new Rig(WireBackend.text("fresh"));
        Rig rig = before(backend)) {
      assertThat(rig.get("/api/orders/1").text()).isEqualTo("fresh");
      backend.front.close();
      WireClient.Answer copy = rig.get("/api/orders/1");
      assertThat(copy.text()).isEqualTo("fresh");
      assertThat(copy.header("age")).isNotNull();
      rig.database(BreakerState.OPEN);
      assertThat(rig.get("/api/orders/2").status()).isEqualTo(503);
    }
  }

  @Test
  void idleConnectionsAreClosedWithAWord() throws IOException {
    try (Rig backend = new Rig(ECHO);
        Rig rig =
            Rig.before(
                "http://127.0.0.1:" + backend.front.port(), ", http2: true, pool-idle: 300ms")) {
      rig.get("/api/a");
      assertThat(backend.front.connections()).isEqualTo(1);
      await().atMost(Duration.ofSeconds(5)).until(() -> backend.front.connections() == 0);
      assertThat(rig.get("/api/b").status()).isEqualTo(200);
    }
  }

  /** Serves connections with frames that a test chooses. */
  private static final class FrameServer implements AutoCloseable {
    interface Script {
      void serve(FrameClient frames, int connection) throws IOException;
    }

    final ServerSocket listening = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
    final List<Throwable> faults = new CopyOnWriteArrayList<>();
    private final Script script;

    FrameServer(Script script) throws IOException {
      this.script = script;
      Thread thread = new Thread(this::accept, "frame-server");
      thread.setDaemon(true);
      thread.start();
    }

    private void accept() {
      try {
        for (int number = 1; ; number++) {
          Socket socket = listening.accept();
          int connection = number;
          Thread thread = new Thread(() -> serve(socket, connection), "frame-server");
          thread.setDaemon(true);
          thread.start();
        }
      } catch (IOException e) {
        // closed
      }
    }

    private void serve(Socket socket, int connection) {
      try (socket) {
        socket.getInputStream().readNBytes(24);
        FrameClient frames = new FrameClient(socket);
        frames.send(FrameClient.SETTINGS, 0, 0);
        script.serve(frames, connection);
      } catch (EOFException | SocketException e) {
        // the gateway let go
      } catch (IOException | RuntimeException | AssertionError e) {
        faults.add(e);
      }
    }

    @Override
    public void close() throws IOException {
      listening.close();
    }
  }

  /** Answers with 200 and this text. */
  private static void answer(FrameClient frames, int stream) throws IOException {
    frames.head(stream, false, ":status", "200");
    frames.data(stream, true, "ok");
  }

  @Test
  void aRefusedStreamIsSentOnceMoreWhateverItIs() throws IOException {
    List<Integer> seen = new CopyOnWriteArrayList<>();
    try (FrameServer server =
            new FrameServer(
                (frames, connection) -> {
                  while (true) {
                    Frame head = frames.next(FrameClient.HEADERS);
                    seen.add(connection);
                    if (seen.size() == 1) {
                      frames.send(FrameClient.RST_STREAM, 0, head.stream(), 0, 0, 0, 7);
                    } else {
                      answer(frames, head.stream());
                    }
                  }
                });
        Rig rig =
            Rig.before("http://127.0.0.1:" + server.listening.getLocalPort(), ", http2: true");
        WireClient client = rig.client()) {
      client.send("POST /api/a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
      assertThat(client.answer().status()).isEqualTo(200);
      assertThat(seen).hasSize(2);
    }
  }

  @Test
  void aBackendThatTakesOneStreamAtATimeGetsMoreConnections() throws Exception {
    try (FrameServer server =
            new FrameServer(
                (frames, connection) -> {
                  frames.send(FrameClient.SETTINGS, 0, 0, 0, 3, 0, 0, 0, 1);
                  while (true) {
                    Frame head = frames.next(FrameClient.HEADERS);
                    Rig.pause(Duration.ofMillis(200));
                    answer(frames, head.stream());
                  }
                });
        Rig rig =
            Rig.before("http://127.0.0.1:" + server.listening.getLocalPort(), ", http2: true")) {
      assertThat(rig.get("/api/first").text()).isEqualTo("ok");
      List<WireClient> clients = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        clients.add(rig.client().send("GET /api/a HTTP/1.1\r\nHost: a\r\n\r\n"));
      }
      for (WireClient client : clients) {
        assertThat(client.answer().text()).isEqualTo("ok");
        client.close();
      }
    }
  }

  @Test
  void anAnswerThatIsNoneIsABadGateway() throws IOException {
    String[][] answers = {
      {"content-length", "3"},
      {":status", "20"},
      {":status", "200", "connection", "close"},
      {":status", "200", "X-Capital", "1"},
      {":status", "200", "x-a", "b\r\nset-cookie: evil=1"},
      {":status", "200", ":path", "/"},
      {":status", "101"},
    };
    for (String[] fields : answers) {
      try (FrameServer server =
              new FrameServer(
                  (frames, connection) -> {
                    while (true) {
                      Frame head = frames.next(FrameClient.HEADERS);
                      frames.head(head.stream(), true, fields);
                    }
                  });
          Rig rig =
              Rig.before("http://127.0.0.1:" + server.listening.getLocalPort(), ", http2: true")) {
        WireClient.Answer answer = rig.get("/api/a");
        assertThat(answer.status()).as(String.join(" ", fields)).isEqualTo(502);
        assertThat(answer.header("set-cookie")).isNull();
      }
    }
  }

  @Test
  void anAnswerWithoutABodyAndWithTrailersAlonePasses() throws IOException {
    try (FrameServer server =
            new FrameServer(
                (frames, connection) -> {
                  while (true) {
                    Frame head = frames.next(FrameClient.HEADERS);
                    assertThat(head.fields()).contains("te: trailers");
                    frames.head(head.stream(), true, ":status", "200", "grpc-status", "5");
                  }
                });
        Rig rig =
            Rig.before("http://127.0.0.1:" + server.listening.getLocalPort(), ", http2: true");
        FrameClient client = new FrameClient(rig.front.port())) {
      client.head(1, true, request("POST", "/api/a", "content-type", "application/grpc"));
      Frame only = client.next(FrameClient.HEADERS);
      assertThat(only.ends()).isTrue();
      assertThat(only.fields()).contains("grpc-status: 5");
      assertThat(server.faults).isEmpty();
    }
  }
}
