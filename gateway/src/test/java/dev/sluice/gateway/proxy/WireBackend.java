package dev.sluice.gateway.proxy;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;

/** A backend on plain sockets that answers byte for byte as a test says. */
final class WireBackend implements AutoCloseable {
  /** Answers one request; returning false closes the connection. */
  interface Script {
    boolean answer(Request request, InputStream in, OutputStream out) throws IOException;
  }

  /** What is spoken over an accepted connection, such as TLS. */
  interface Layer {
    Socket over(Socket plain) throws IOException;
  }

  /** A request head as it came over the wire; {@code connection} counts connections from 1. */
  record Request(String line, List<String> headers, int connection, Socket socket) {
    String header(String name) {
      String prefix = name.toLowerCase(java.util.Locale.ROOT) + ":";
      return headers.stream()
          .filter(h -> h.toLowerCase(java.util.Locale.ROOT).startsWith(prefix))
          .map(h -> h.substring(prefix.length()).trim())
          .reduce((a, b) -> a + " | " + b)
          .orElse(null);
    }
  }

  final List<Request> requests = new CopyOnWriteArrayList<>();
  final AtomicInteger connections = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  private final ServerSocket listening;
  private final Thread accepting;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Layer layer;
  private volatile Script script;
  private volatile boolean rude;
  private volatile boolean resets;

  WireBackend(Script script) throws IOException {
    this(script, "127.0.0.1", 0, plain -> plain);
  }

  WireBackend(Script script, String host, int port, Layer layer) throws IOException {
    this.script = script;
    this.layer = layer;
    listening = new ServerSocket(port, 200, InetAddress.getByName(host));
    accepting = start(this::accept);
  }

  /** Ends connections with a reset. */
  void resets() {
    resets = true;
  }

  /** Ends the connections of a layer without its farewell. */
  void rude() {
    rude = true;
  }

  void script(Script next) {
    script = next;
  }

  int port() {
    return listening.getLocalPort();
  }

  private static Thread start(Runnable runnable) {
    Thread thread = new Thread(runnable, "wire-backend");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        open.add(socket);
        int number = connections.incrementAndGet();
        start(() -> serve(socket, number));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket, int number) {
    try (socket) {
      Socket spoken = layer.over(socket);
      exchanges(spoken, number);
      if (resets) {
        socket.setSoLinger(true, 0);
      } else if (!rude) {
        spoken.close();
      }
    } catch (SocketException | EOFException | SSLException e) {
      // the gateway broke off
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } finally {
      open.remove(socket);
      closed.incrementAndGet();
    }
  }

  private void exchanges(Socket spoken, int number) throws IOException {
    InputStream in = new BufferedInputStream(spoken.getInputStream());
    OutputStream out = spoken.getOutputStream();
    for (String head = Wire.head(in); !head.isEmpty(); head = Wire.head(in)) {
      List<String> lines = List.of(head.split("\r\n"));
      Request request = new Request(lines.get(0), lines.subList(1, lines.size()), number, spoken);
      requests.add(request);
      if (!script.answer(request, in, out)) {
        return;
      }
      out.flush();
    }
  }

  /** Reads a body by Content-Length or chunks. */
  static byte[] body(Request request, InputStream in) throws IOException {
    return Wire.body(request.header("content-length"), request.header("transfer-encoding"), in);
  }

  /** 200 with this text, after reading the request's body. */
  static Script text(String text) {
    return (request, in, out) -> {
      body(request, in);
      out.write(answer("200 OK", text).getBytes(StandardCharsets.ISO_8859_1));
      return true;
    };
  }

  static String answer(String status, String text) {
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + text.length() + "\r\n\r\n" + text;
  }

  /** Writes these bytes as they are. */
  static Script raw(String bytes, boolean keep) {
    return (request, in, out) -> {
      body(request, in);
      out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      return keep;
    };
  }

  /** Closes every open connection, as a restart does. */
  void cut() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
  }

  /** Returns when the port is closed: as long as a thread stands in accept, it takes one more. */
  @Override
  public void close() throws IOException {
    listening.close();
    try {
      accepting.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    cut();
  }
}
