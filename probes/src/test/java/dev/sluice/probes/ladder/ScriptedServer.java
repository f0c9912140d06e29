package dev.sluice.probes.ladder;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A server socket on loopback that treats each connection by a script. */
final class ScriptedServer implements AutoCloseable {
  private final ServerSocket listener;
  private final Queue<Socket> accepted = new ConcurrentLinkedQueue<>();
  private final Script script;

  /** What happens to one connection; it stays open until the server closes. */
  interface Script {
    void play(Socket socket) throws IOException;
  }

  ScriptedServer(Script script) throws IOException {
    this.script = script;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** How many connections came. */
  int connections() {
    return accepted.size();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : accepted) {
      socket.close();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        accepted.add(socket);
        start(() -> play(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void play(Socket socket) {
    try {
      script.play(socket);
    } catch (IOException e) {
      accepted.add(socket);
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "scripted-server");
    thread.setDaemon(true);
    thread.start();
  }

  /** Closes as a crashed process would: with RST. */
  static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Reads a StartupMessage or an SSLRequest. */
  static byte[] request(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] body = new byte[in.readInt() - 4];
    in.readFully(body);
    return body;
  }

  /** Answers the StartupMessage with these bytes and keeps the connection open. */
  static Script answering(byte[] answer) {
    return socket -> {
      request(socket);
      socket.getOutputStream().write(answer);
    };
  }

  static byte[] error(String severity, String state, String text) {
    ByteArrayOutputStream fields = new ByteArrayOutputStream();
    for (String field : new String[] {"S" + severity, "V" + severity, "C" + state, "M" + text}) {
      fields.writeBytes(field.getBytes(StandardCharsets.UTF_8));
      fields.write(0);
    }
    fields.write(0);
    return message('E', fields.toByteArray());
  }

  static byte[] message(char type, byte[] body) {
    return ByteBuffer.allocate(5 + body.length)
        .put((byte) type)
        .putInt(4 + body.length)
        .put(body)
        .array();
  }
}
