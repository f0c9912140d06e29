import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends requests at a fixed rate, however slow the answers are, and measures each from the moment
 * when it was due: a stalled server delays what is due meanwhile, and that shows (no coordinated
 * omission). One thread sends, one receives. Prints one line of JSON.
 *
 * <p>Arguments: port, path, requests a second, seconds, seconds of warm-up, connections, and for
 * POSTs the bytes of a body.
 */
public final class OpenLoop {
  private static final long PATIENCE_SECONDS = 5;

  private final Connection[] connections;
  private final ArrayBlockingQueue<Connection> free;
  private final Selector selector = Selector.open();
  private final ByteBuffer request;
  private final int[] latencies;
  private final int[] lateness;
  private final int unrecorded;
  private volatile int answered;
  private volatile String failure = "";
  private volatile boolean ended;

  private OpenLoop(int port, String path, int body, int connections, int warmUp, int recorded)
      throws IOException {
    String fields = body < 0 ? "" : "Content-Length: " + body + "\r\n";
    String head =
        (body < 0 ? "GET " : "POST ")
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1:"
            + port
            + "\r\n"
            + fields
            + "\r\n"
            + "x".repeat(Math.max(0, body));
    request = ByteBuffer.allocateDirect(head.length());
    request.put(head.getBytes(StandardCharsets.US_ASCII)).flip();
    free = new ArrayBlockingQueue<>(connections);
    latencies = new int[recorded];
    lateness = new int[recorded];
    unrecorded = warmUp;
    List<Connection> open = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      open.add(new Connection(SocketChannel.open(new InetSocketAddress("127.0.0.1", port))));
    }
    this.connections = open.toArray(new Connection[0]);
    free.addAll(open);
  }

  public static void main(String[] args) throws Exception {
    int rate = Integer.parseInt(args[2]);
    int recorded = (int) (rate * Double.parseDouble(args[3]));
    int warmUp = (int) (rate * Double.parseDouble(args[4]));
    OpenLoop load =
        new OpenLoop(
            Integer.parseInt(args[0]),
            args[1],
            args.length > 6 ? Integer.parseInt(args[6]) : -1,
            Integer.parseInt(args[5]),
            warmUp,
            recorded);
    Thread receiver = new Thread(load::receive, "receiver");
    receiver.start();
    double seconds = load.send(rate, warmUp + recorded);
    load.awaitLast(warmUp + recorded);
    load.ended = true;
    load.selector.wakeup();
    receiver.join();
    load.print(warmUp + recorded, (warmUp + recorded) / seconds);
  }

  /** Returns how many seconds it took. */
  private double send(int rate, int total) throws Exception {
    double interval = 1e9 / rate;
    long start = System.nanoTime();
    for (int i = 0; i < total && failure.isEmpty(); i++) {
      long due = start + (long) (i * interval);
      for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      Connection connection = free.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (connection == null) {
        fail("every connection waited for " + PATIENCE_SECONDS + " s");
        break;
      }
      if (i >= unrecorded) {
        lateness[i - unrecorded] = micros(System.nanoTime() - due);
      }
      connection.send(due, i);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private void awaitLast(int total) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (failure.isEmpty() && answered < total && System.nanoTime() < deadline) {
      Thread.sleep(1);
    }
  }

  private void receive() {
    try {
      while (!ended && failure.isEmpty()) {
        selector.select(this::ready);
      }
    } catch (IOException | RuntimeException e) {
      fail(e.toString());
    }
  }

  private void ready(SelectionKey key) {
    try {
      ((Connection) key.attachment()).read();
    } catch (IOException e) {
      key.cancel();
      fail(e.toString());
    }
  }

  private void fail(String why) {
    failure = why;
  }

  private void print(int total, double rate) {
    int recorded = Math.max(0, answered - unrecorded);
    boolean whole = answered == total && recorded > 0;
    String why = failure.isEmpty() && !whole ? "answers are missing" : failure;
    System.out.printf(
        Locale.ROOT,
        "{\"answered\": %d, \"failed\": %d, \"failures\": \"%s\", \"rps\": %.1f, "
            + "\"p50_us\": %d, \"p99_us\": %d, \"max_us\": %d, \"late_p99_us\": %d}%n",
        answered,
        total - answered,
        why.replace('"', '\''),
        rate,
        whole ? percentile(latencies, 0.5) : -1,
        whole ? percentile(latencies, 0.99) : -1,
        whole ? percentile(latencies, 1) : -1,
        whole ? percentile(lateness, 0.99) : -1);
  }

  private static int percentile(int[] values, double part) {
    int[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[Math.max(0, (int) Math.ceil(part * sorted.length) - 1)];
  }

  private static int micros(long nanos) {
    return (int) Math.min(Integer.MAX_VALUE, nanos / 1000);
  }

  /** One keep-alive connection with at most one request on it. */
  private final class Connection {
    private final SocketChannel channel;
    private final ByteBuffer out = request.duplicate();
    private final ByteBuffer in = ByteBuffer.allocate(1 << 16);
    private volatile long due;
    private volatile int number;

    Connection(SocketChannel channel) throws IOException {
      this.channel = channel;
      channel.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, this);
    }

    void send(long due, int number) throws IOException {
      this.due = due;
      this.number = number;
      channel.write(out.rewind());
      if (out.hasRemaining()) {
        throw new IOException("a request did not fit into the socket's buffer");
      }
    }

    void read() throws IOException {
      if (channel.read(in) < 0) {
        throw new IOException("the server closed a connection");
      }
      if (!Answer.complete(in)) {
        return;
      }
      in.clear();
      if (number >= unrecorded) {
        latencies[number - unrecorded] = micros(System.nanoTime() - due);
      }
      // The receiver alone writes it.
      answered = answered + 1;
      free.add(this);
    }
  }

  /** What has to be understood of an answer. */
  private static final class Answer {
    private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

    /** Throws unless the status is 2xx and the length is given. */
    static boolean complete(ByteBuffer in) throws IOException {
      byte[] bytes = in.array();
      int end = in.position();
      int length = -1;
      for (int line = 0, i = 0; i + 1 < end; i++) {
        if (bytes[i] != '\r' || bytes[i + 1] != '\n') {
          continue;
        }
        if (i == line) {
          return body(end - i - 2, length);
        }
        if (line == 0 && bytes[9] != '2') {
          throw new IOException(new String(bytes, 0, i, StandardCharsets.US_ASCII));
        }
        if (startsWith(bytes, line, i)) {
          length = number(bytes, line + LENGTH.length, i);
        }
        line = i + 2;
      }
      return false;
    }

    private static boolean body(int got, int length) throws IOException {
      if (length < 0 || got > length) {
        throw new IOException("an answer without its length, or longer than it");
      }
      return got == length;
    }

    private static boolean startsWith(byte[] bytes, int from, int to) {
      if (to - from < LENGTH.length) {
        return false;
      }
      for (int i = 0; i < LENGTH.length; i++) {
        if ((bytes[from + i] | 0x20) != (LENGTH[i] | 0x20)) {
          return false;
        }
      }
      return true;
    }

    private static int number(byte[] bytes, int from, int to) {
      int value = 0;
      for (int i = from; i < to; i++) {
        if (bytes[i] >= '0' && bytes[i] <= '9') {
          value = value * 10 + bytes[i] - '0';
        }
      }
      return value;
    }
  }
}
