package dev.sluice.gateway.proxy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** A client that sends the bytes a test wants and reads what comes back. */
final class WireClient implements AutoCloseable {
  final Socket socket;
  private final InputStream in;

  /** An answer. */
  @SuppressWarnings("ArrayRecordComponent")
  record Answer(int status, List<String> headers, byte[] body) {
    String header(String name) {
      String prefix = name.toLowerCase(Locale.ROOT) + ":";
      return headers.stream()
          .filter(h -> h.toLowerCase(Locale.ROOT).startsWith(prefix))
          .map(h -> h.substring(prefix.length()).trim())
          .reduce((a, b) -> a + " | " + b)
          .orElse(null);
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  WireClient(int port) throws IOException {
    this(port, 0);
  }

  WireClient(int port, int receiveBuffer) throws IOException {
    socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.connect(new java.net.InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 5000);
    socket.setSoTimeout(10_000);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  WireClient send(String bytes) throws IOException {
    return send(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  WireClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** Sends a GET and reads its answer. */
  Answer get(String target, String... headers) throws IOException {
    return ask("GET", target, null, headers);
  }

  Answer ask(String method, String target, String body, String... headers) throws IOException {
    StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: shop\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    if (body != null) {
      head.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    send(head + "\r\n" + (body == null ? "" : body));
    return answer(method);
  }

  Answer answer() throws IOException {
    return answer("GET");
  }

  Answer answer(String method) throws IOException {
    Answer head = head();
    boolean none =
        method.equals("HEAD") || head.status == 204 || head.status == 304 || head.status < 200;
    boolean framed = head.header("content-length") != null || chunked(head);
    byte[] body =
        none
            ? new byte[0]
            : framed
                ? Wire.body(head.header("content-length"), head.header("transfer-encoding"), in)
                : in.readAllBytes();
    return new Answer(head.status, head.headers, body);
  }

  private static boolean chunked(Answer head) {
    return head.header("transfer-encoding") != null;
  }

  /** The head alone. */
  Answer head() throws IOException {
    String head = Wire.head(in);
    if (head.isEmpty()) {
      throw new SocketException("closed");
    }
    List<String> lines = List.of(head.split("\r\n"));
    int status = Integer.parseInt(lines.get(0).split(" ")[1]);
    return new Answer(status, lines.subList(1, lines.size()), new byte[0]);
  }

  InputStream in() {
    return in;
  }

  /** Whether the gateway ends the connection with nothing more to read. */
  boolean ended() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  /** Ends with a reset. */
  void kill() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
