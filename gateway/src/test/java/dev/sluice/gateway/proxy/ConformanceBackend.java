package dev.sluice.gateway.proxy;

import dev.sluice.gateway.proxy.ConformanceCase.Reply;
import dev.sluice.gateway.proxy.ConformanceMessage.Message;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers as the case says and remembers every request that it got. */
final class ConformanceBackend implements WireBackend.Script {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";

  final List<String> unreadable = new CopyOnWriteArrayList<>();
  private final String plain;
  private final List<Message> whole = new ArrayList<>();
  private final List<String> heads = new ArrayList<>();
  private List<Reply> replies = List.of();
  private int answered;

  /**
   * @param plain the request line that every case ends with
   */
  ConformanceBackend(String plain) {
    this.plain = plain;
  }

  synchronized void begin(ConformanceCase test) {
    replies = List.copyOf(test.replies);
    answered = 0;
    whole.clear();
    heads.clear();
    unreadable.clear();
  }

  synchronized List<Message> taken() {
    return List.copyOf(whole);
  }

  synchronized List<String> heads() {
    return List.copyOf(heads);
  }

  @Override
  public boolean answer(WireBackend.Request request, InputStream in, OutputStream out)
      throws IOException {
    Reply reply = begun(request);
    out.write(reply.before().getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    try {
      Message head = new Message(request.line(), request.headers(), "", List.of());
      ended(ConformanceMessage.whole(head, in));
    } catch (EOFException | SocketException e) {
      return false;
    } catch (IOException e) {
      unreadable.add(request + ": " + e.getMessage());
      return false;
    }
    out.write(reply.after().getBytes(StandardCharsets.ISO_8859_1));
    return reply.keep();
  }

  private synchronized Reply begun(WireBackend.Request request) {
    heads.add(request.line());
    if (request.line().equals(plain) || replies.isEmpty()) {
      return new Reply("", request.line().startsWith("HEAD ") ? OK : OK + "ok", true);
    }
    return replies.get(Math.min(answered++, replies.size() - 1));
  }

  private synchronized void ended(Message message) {
    whole.add(message);
  }
}
