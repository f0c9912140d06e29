package dev.sluice.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command against real sockets. */
@Timeout(60)
class DiagnoseCommandTest {
  @TempDir private Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();
  private String dependencies = "";
  private int backend;
  private String answer = "HTTP/1.1 204 No Content\r\n\r\n";

  @BeforeEach
  void start() throws IOException {
    backend = serve(() -> answer);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private interface Reply {
    String text() throws IOException;
  }

  @Test
  void allWellIsZero() throws IOException {
    depends("one", "tcp", "tcp://127.0.0.1:" + serve(() -> ""));
    assertThat(run()).isZero();
    assertThat(out.toString())
        .containsPattern("one +#1  ok   tcp")
        .containsPattern("one +#3  ok   tcp")
        .containsPattern("orders +#3  ok   health")
        .contains("one: NONE, healthy");
  }

  @Test
  void aRefusingDependencyIsTheInfrastructures() throws IOException {
    depends("one", "tcp", "tcp://127.0.0.1:" + free());
    assertThat(run()).isEqualTo(10);
    assertThat(out.toString())
        .containsPattern("one +#3  FAIL tcp")
        .contains("one: INFRASTRUCTURE, server-refusing")
        .contains("remedy: ");
  }

  @Test
  void aDeadBackendWithoutDependenciesIsTheApplications() throws IOException {
    backend = free();
    assertThat(run()).isEqualTo(11);
    assertThat(out.toString()).contains("orders: APPLICATION, app-down");
  }

  @Test
  void theUnknownHidesNoInfrastructureNorApplication() throws IOException {
    depends("broken", "http", "http://127.0.0.1:" + serve(DiagnoseCommandTest::broken) + "/");
    assertThat(run()).isEqualTo(12);
    depends("refusing", "tcp", "tcp://127.0.0.1:" + free());
    assertThat(run()).isEqualTo(10);
    dependencies = "";
    depends("broken", "http", "http://127.0.0.1:" + serve(DiagnoseCommandTest::broken) + "/");
    backend = free();
    assertThat(run()).isEqualTo(11);
  }

  @Test
  void rungsArePrintedAsTheyCome() throws IOException {
    List<Boolean> printed = new CopyOnWriteArrayList<>();
    int port =
        serve(
            () -> {
              if (printed.size() == 2) {
                await().until(() -> out.toString().contains("#1  FAIL http"));
              }
              printed.add(out.toString().contains("#1  FAIL http"));
              return broken();
            });
    depends("broken", "http", "http://127.0.0.1:" + port + "/");
    run();
    assertThat(printed).hasSize(3).startsWith(false).endsWith(true);
  }

  @Test
  void atTheLimitTheLadderSoFarIsTold() throws IOException {
    depends("mute", "postgresql", "postgresql://probe:secret@127.0.0.1:" + mute() + "/orders");
    assertThat(run("--limit", "2")).isEqualTo(12);
    assertThat(out.toString())
        .containsPattern("mute +#1  FAIL startup")
        .contains("The limit of 2 s came first")
        .contains("mute: INFRASTRUCTURE, silent-server, confidence 0.60")
        .contains("not finished");
  }

  @Test
  void jsonHoldsEveryRungAnswerAndVerdict() throws IOException {
    depends("one", "tcp", "tcp://127.0.0.1:" + free());
    int code = run("--format", "json");
    JsonNode root = JsonMapper.builder().build().readTree(out.toString());
    assertThat(code).isEqualTo(10);
    assertThat(root.path("exit").asInt()).isEqualTo(10);
    JsonNode one = root.path("dependencies").get(0);
    assertThat(one.path("verdict").path("detail").asString()).isEqualTo("server-refusing");
    assertThat(one.path("climbs").size()).isEqualTo(3);
    JsonNode last = one.path("climbs").get(2);
    assertThat(last.get(last.size() - 1).path("signal").asString()).isEqualTo("refused");
    JsonNode orders = root.path("backends").get(0);
    assertThat(orders.path("answers").size()).isEqualTo(3);
    assertThat(orders.path("answers").get(0).path("status").asInt()).isEqualTo(204);
  }

  @Test
  void jsonAtTheLimitHoldsClimbsThatDidNotEnd() throws IOException {
    depends("mute", "postgresql", "postgresql://probe:secret@127.0.0.1:" + mute() + "/orders");
    assertThat(run("--limit", "1", "--format", "json")).isEqualTo(12);
    JsonNode root = JsonMapper.builder().build().readTree(out.toString());
    assertThat(root.path("complete").asBoolean()).isFalse();
    JsonNode mute = root.path("dependencies").get(0);
    assertThat(mute.path("climbs").get(0).get(1).path("rung").asString()).isEqualTo("dns");
    assertThat(mute.path("verdict").path("detail").asString()).isEqualTo("warm-up");
  }

  @Test
  void oneDependencyAloneIsTold() throws IOException {
    depends("one", "tcp", "tcp://127.0.0.1:" + serve(() -> ""));
    depends("two", "tcp", "tcp://127.0.0.1:" + free());
    assertThat(run("--dependency", "one")).isZero();
    assertThat(out.toString()).doesNotContain("two").doesNotContain("orders");
    assertThat(run("--dependency", "three")).isEqualTo(2);
  }

  private void depends(String id, String type, String url) {
    dependencies += "  - { id: %s, type: %s, url: \"%s\" }\n".formatted(id, type, url);
  }

  private int run(String... more) throws IOException {
    out.getBuffer().setLength(0);
    String ids = dependencies.lines().map(l -> l.split("[:,]")[1].strip()).toList().toString();
    String yaml =
        """
        %sbackends:
          - { id: orders, url: "http://127.0.0.1:%d", depends-on: %s, health: { path: /health } }
        routes:
          - { id: api, match: { path: "/api/**" }, backend: orders }
        """
            .formatted(
                dependencies.isEmpty() ? "" : "dependencies:\n" + dependencies, backend, ids);
    Path file = Files.writeString(folder.resolve("routes.yaml"), yaml);
    List<String> arguments = new ArrayList<>(List.of("diagnose", "--config", file.toString()));
    arguments.addAll(List.of(more));
    CommandLine line = SluiceCommand.line();
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(errors, true));
    int code = line.execute(arguments.toArray(String[]::new));
    assertThat(code).as(errors.toString()).isNotEqualTo(1);
    return code;
  }

  private static String broken() {
    return "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n";
  }

  /** A server that answers each connection and closes it. */
  private int serve(Reply reply) throws IOException {
    return listen(
        socket -> {
          String text = reply.text();
          if (!text.isEmpty()) {
            socket.getInputStream().readNBytes(16);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
          }
          socket.close();
        });
  }

  /** A server that accepts and says nothing. */
  private int mute() throws IOException {
    return listen(open::add);
  }

  private interface Script {
    void play(Socket socket) throws IOException;
  }

  private int listen(Script script) throws IOException {
    ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    open.add(listener);
    Thread thread = new Thread(() -> accept(listener, script), "diagnosed-server");
    thread.setDaemon(true);
    thread.start();
    return listener.getLocalPort();
  }

  private static void accept(ServerSocket listener, Script script) {
    while (!listener.isClosed()) {
      try {
        script.play(listener.accept());
      } catch (IOException e) {
        // The probe left, or the test is over.
      }
    }
  }

  private static int free() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return free.getLocalPort();
    }
  }
}
