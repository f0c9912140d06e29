package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.tour.Caller;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Twenty clients that each flood the gateway with frames, again and again on new connections: what
 * it holds stays bounded and is given back, and another client is served right after.
 */
@Isolated("it takes the processor from whoever measures beside it")
@Tag("ops")
@Timeout(120)
class FloodTest {
  private static final int CLIENTS = 20;
  private static final Duration FLOOD = Duration.ofSeconds(6);

  /** What the flood had sent to the backend is done with, on a busy machine too. */
  private static final Duration SERVED = Duration.ofSeconds(3);

  /** For the connections of clients that ask for nothing, or for a hundred streams each at once. */
  private static final long FLAT = 24 << 20;

  /**
   * For answers that are begun and not taken: two buffers of 64 KiB each, as many as the backend is
   * asked for at once.
   */
  private static final long BEGUN = 64 << 20;

  /** Netty keeps an HTTP/2 connection that is closed for another half a minute. */
  private static final Duration GIVEN_BACK = Duration.ofSeconds(40);

  /**
   * The allocator keeps some chunks of what it has once had, measuring another moment adds a bit.
   */
  private static final int KEPT = 2;

  private static final byte[] LARGE = new byte[4 << 20];

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private BodyBackend backend;
  private GatewayProcess gateway;

  /** What is sent over and over, once the connection has begun. */
  enum Flood {
    RAPID_RESET {
      @Override
      void send(Frames frames, int number) {
        int stream = 1 + 2 * number;
        frames.get(stream, "/small").frame(3, 0, stream, "00000008");
      }
    },
    CONTINUATION {
      @Override
      void send(Frames frames, int number) {
        if (number == 0) {
          frames.frame(1, 1, 1, "828684");
        }
        frames.frame(9, 0, 1, "0003782d610162");
      }
    },
    SETTINGS {
      @Override
      void send(Frames frames, int number) {
        frames.frame(4, 0, 0, "000400000009");
      }
    },
    PING {
      @Override
      void send(Frames frames, int number) {
        frames.frame(6, 0, 0, "0000000000000001");
      }
    },
    ZERO_WINDOW {
      @Override
      void send(Frames frames, int number) {
        if (number == 0) {
          frames.frame(4, 0, 0, "000400000000");
        }
        if (number < 100) {
          frames.get(1 + 2 * number, "/large");
        } else {
          LockSupport.parkNanos(1_000_000);
        }
      }
    };

    abstract void send(Frames frames, int number);
  }

  /** Frames as bytes. */
  private static final class Frames {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Frames frame(int type, int flags, int stream, String payload) {
      byte[] content = HexFormat.of().parseHex(payload);
      ByteBuffer head = ByteBuffer.allocate(9);
      head.put((byte) (content.length >> 16)).putShort((short) content.length);
      head.put((byte) type).put((byte) flags).putInt(stream);
      bytes.writeBytes(head.array());
      bytes.writeBytes(content);
      return this;
    }

    /** Static entries for GET and http; path and authority as literals that nobody remembers. */
    Frames get(int stream, String path) {
      String text = HexFormat.of().formatHex(path.getBytes(StandardCharsets.US_ASCII));
      String block = "828604%02x%s010161".formatted(path.length(), text);
      return frame(1, 5, stream, block);
    }
  }

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    backend = new BodyBackend(Map.of("/small", new byte[100], "/large", LARGE));
    Path routes = folder.resolve("routes.yaml");
    Files.writeString(
        routes,
        """
        environment: test
        listen: { port: 0, host: 127.0.0.1, write-deadline: 3s }
        admin: { port: 0 }
        backends:
          - { id: app, url: "http://127.0.0.1:%d" }
        routes:
          - { id: all, match: { path: "/**" }, backend: app }
        """
            .formatted(backend.port()));
    gateway = GatewayProcess.startUnwatched(routes);
  }

  @AfterEach
  void stop() {
    gateway.close();
    backend.close();
    threads.shutdownNow();
  }

  @ParameterizedTest
  @EnumSource
  void memoryStaysFlat(Flood flood) throws Exception {
    Caller honest = new Caller(gateway::port);
    round(Flood.PING, Duration.ofSeconds(1)); // what is made once, is made
    assertThat(honest.get("/small").status()).isEqualTo(200);
    long before = gateway.memory();
    Future<Integer> connections = threads.submit(() -> round(flood, FLOOD));
    List<Long> during = new ArrayList<>();
    while (!connections.isDone()) {
      LockSupport.parkNanos(500_000_000);
      during.add(gateway.memory() - before);
    }
    assertThat(connections.get()).isGreaterThanOrEqualTo(CLIENTS);
    System.out.printf("%s: %d connections, %s bytes more%n", flood, connections.get(), during);
    long most = flood == Flood.ZERO_WINDOW ? BEGUN : FLAT;
    assertThat(during).hasSizeGreaterThan(3).allSatisfy(more -> assertThat(more).isLessThan(most));
    await().atMost(SERVED).until(() -> honest.get("/small").status() == 200);
    await("it is given back")
        .atMost(GIVEN_BACK)
        .until(() -> gateway.memory() - before < most / KEPT);
  }

  /** All clients at once; how many connections they used up. */
  private int round(Flood flood, Duration time) throws Exception {
    List<Future<Integer>> clients = new ArrayList<>();
    long end = System.nanoTime() + time.toNanos();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(threads.submit(() -> client(flood, end)));
    }
    int connections = 0;
    for (Future<Integer> client : clients) {
      connections += client.get(60, TimeUnit.SECONDS);
    }
    return connections;
  }

  private int client(Flood flood, long end) throws IOException {
    int connections = 0;
    while (System.nanoTime() < end) {
      connections++;
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
        threads.execute(() -> readAway(socket));
        flood(socket.getOutputStream(), flood, end);
      } catch (IOException e) {
        // the gateway has had enough of it
      }
    }
    return connections;
  }

  private static void flood(OutputStream out, Flood flood, long end) throws IOException {
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    out.write(new Frames().frame(4, 0, 0, "").bytes.toByteArray());
    for (int number = 0; System.nanoTime() < end; number++) {
      Frames frames = new Frames();
      flood.send(frames, number);
      out.write(frames.bytes.toByteArray());
    }
  }

  private static void readAway(Socket socket) {
    try (InputStream in = socket.getInputStream()) {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // it is closed
    }
  }
}
