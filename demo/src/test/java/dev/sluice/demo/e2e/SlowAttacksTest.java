package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.tour.Caller;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hundreds of clients that dawdle, as slowhttptest plays them, beside one that does not: the former
 * are closed at their deadlines, the latter never notices.
 *
 * <p>Two hundred large answers that begin at once are more than the backend is sent at the start,
 * so that the last of them would wait in line, on a busy machine for longer than the usual second,
 * until the slow readers before them have lent their slots. They come over some seconds therefore,
 * and nobody is to be refused for the line that is left.
 */
@Tag("ops")
@Timeout(120)
class SlowAttacksTest {
  private static final Duration NOTICED = Duration.ofSeconds(5);

  /** Until the slow readers are there, and until they are gone; their tool goes on for longer. */
  private static final Duration LONG = Duration.ofSeconds(20);

  private static final int CONNECTIONS = 200;

  /** The honest client's, and a probe of the tool's own. */
  private static final long HONEST = 5;

  /** FIN_WAIT2, TIME_WAIT and LISTEN: nothing is left to send, and the kernel keeps no buffer. */
  private static final Set<String> UNHELD = Set.of("05", "06", "0A");

  private static final byte[] SMALL = new byte[100];
  private static final byte[] LARGE = new byte[8 << 20];

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private BodyBackend backend;
  private GatewayProcess gateway;
  private Path folder;

  @BeforeEach
  void start(@TempDir Path temporary) throws IOException {
    folder = temporary;
    backend = new BodyBackend(Map.of("/small", SMALL, "/large", LARGE));
    Path routes = folder.resolve("routes.yaml");
    Files.writeString(
        routes,
        """
        environment: test
        listen: { port: 0, host: 127.0.0.1, idle: 4s, header-deadline: 3s, body-idle: 3s, write-deadline: 3s }
        admin: { port: 0 }
        backends:
          - { id: app, url: "http://127.0.0.1:%d", concurrency: { max-wait: 4s } }
        routes:
          - { id: all, match: { path: "/**" }, backend: app }
        """
            .formatted(backend.port()));
    gateway = GatewayProcess.start(routes);
  }

  @AfterEach
  void stop() {
    gateway.close();
    backend.close();
    threads.shutdownNow();
  }

  @Test
  void slowHeads() throws Exception {
    assertThat(attack("/small", "-H -i 1 -r 200 -l 20")).contains("No open connections left");
  }

  @Test
  void slowBodies() throws Exception {
    assertThat(attack("/small", "-B -i 1 -s 8192 -r 200 -l 20"))
        .contains("No open connections left");
  }

  /** The tool itself does not notice a reset before it reads, so that the kernel is asked. */
  @Test
  void slowReaders() throws Exception {
    Future<String> said =
        threads.submit(() -> attack("/large", "-X -w 10 -y 20 -n 5 -z 5 -r 40 -l 30"));
    await().atMost(LONG).until(() -> held() >= CONNECTIONS);
    await().atMost(LONG).until(() -> held() <= HONEST);
    assertThat(said).isNotDone();
    assertThat(said.get(60, TimeUnit.SECONDS)).contains("service available:   YES");
  }

  /** What the tool said at its end. */
  private String attack(String path, String how) throws Exception {
    assertThat(new Caller(gateway::port).get("/small").status()).isEqualTo(200);
    Process tool = slowhttptest(path, how);
    Future<List<Duration>> honest = threads.submit(() -> askWhile(tool));
    String said =
        new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .replaceAll("\u001b\\[[0-9;]*[A-Za-z]", "");
    System.out.println(said);
    assertThat(tool.onExit().get(60, TimeUnit.SECONDS).exitValue()).isZero();
    assertThat(honest.get(10, TimeUnit.SECONDS))
        .hasSizeGreaterThan(20)
        .allSatisfy(took -> assertThat(took).isLessThan(NOTICED));
    List<int[]> seconds = seconds();
    assertThat(seconds).anyMatch(second -> second[1] + second[3] == CONNECTIONS);
    assertThat(seconds).allMatch(second -> second[4] > 0);
    gateway.requireNoLeaks();
    return said;
  }

  /** Connections of the gateway's port that the kernel holds, with or without a process. */
  private long held() throws IOException {
    String port = ":%04X ".formatted(gateway.port());
    long held = 0;
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      held +=
          Files.readAllLines(Path.of(table)).stream()
              .map(line -> line.strip().split(" +"))
              .filter(line -> (line[1] + " ").endsWith(port) && !UNHELD.contains(line[3]))
              .count();
    }
    return held;
  }

  /**
   * What the tool saw second by second: the second, connections closed, pending and open, and
   * whether a probe of its own was answered in time.
   */
  private List<int[]> seconds() throws IOException {
    return Files.readAllLines(folder.resolve("attack.csv")).stream()
        .skip(1)
        .map(line -> Arrays.stream(line.split(",")).mapToInt(Integer::parseInt).toArray())
        .toList();
  }

  private Process slowhttptest(String path, String how) throws IOException {
    List<String> command = new ArrayList<>(List.of("slowhttptest"));
    command.addAll(Arrays.asList(how.split(" ")));
    command.addAll(
        List.of(
            "-c",
            Integer.toString(CONNECTIONS),
            "-p",
            Long.toString(NOTICED.toSeconds()),
            "-v",
            "1",
            "-g",
            "-o",
            folder.resolve("attack").toString(),
            "-u",
            "http://127.0.0.1:" + gateway.port() + path));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** How long each request of a client took that wants nothing but its answer. */
  private List<Duration> askWhile(Process tool) {
    Caller caller = new Caller(gateway::port);
    List<Duration> took = new ArrayList<>();
    while (tool.isAlive()) {
      long began = System.nanoTime();
      Caller.Answer answer = caller.get("/small");
      assertThat(answer.status()).as("the answer %s", answer).isEqualTo(200);
      took.add(Duration.ofNanos(System.nanoTime() - began));
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
    return took;
  }
}
