package dev.sluice.demo.soak;

import dev.sluice.demo.soak.Plan.Framing;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Answers one request as its plan says, faults included. */
final class BackendAnswer {
  private final Ledger ledger;
  private final Plan plan;
  private final Socket socket;

  BackendAnswer(Ledger ledger, Plan plan, Socket socket) {
    this.ledger = ledger;
    this.plan = plan;
    this.socket = socket;
  }

  /** Before the request's body is read; false where the connection is over. */
  boolean early() throws IOException {
    happened();
    if (plan.backendFault() == BackendFault.RESET_UNREAD) {
      return ended();
    }
    send(whole(""));
    return plan.backendFault() == BackendFault.EARLY_ANSWER || ended();
  }

  /**
   * Behind the request.
   *
   * @param received the digest of the request's body
   * @return whether the connection takes another request
   */
  boolean late(String received) throws IOException {
    byte[] head = Bytes.ascii(head(received, Bytes.field(plan.answer())));
    happened();
    return switch (plan.backendFault()) {
      case RESET_BEFORE_HEAD, CLOSE_BEFORE_HEAD -> ended();
      case RESET_IN_HEAD, CLOSE_IN_HEAD -> part(head, 1 + at(head.length - 1)) && ended();
      case GARBAGE -> part(Bytes.body(plan.id(), 300), 300) && ended();
      case TWO_LENGTHS ->
          said(head(received, "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n") + "abc");
      case STALL_BEFORE_HEAD -> stalled();
      case RESET_IN_BODY, CLOSE_IN_BODY, RESET_UNFRAMED -> broken(head) && ended();
      case STALL_IN_BODY -> broken(head) && stalled();
      case BAD_CHUNK ->
          said(new String(head, java.nio.charset.StandardCharsets.ISO_8859_1) + "3\r\nabcdef\r\n");
      default -> good(received);
    };
  }

  private boolean good(String received) throws IOException {
    for (int i = 0; i < plan.interims(); i++) {
      String interim = i % 2 == 0 ? "103 Early Hints\r\nLink: </x>" : "102 Processing";
      said("HTTP/1.1 " + interim + "\r\n\r\n");
    }
    byte[] answer = whole(received);
    if (plan.backendFault() == BackendFault.STRAY) {
      answer = Bytes.joined(answer, Bytes.ascii(head("", "Content-Length: 5\r\n") + "stray"));
    }
    send(answer);
    return switch (plan.backendFault()) {
      case HALF_CLOSE -> halfClosed();
      case IDLE_CLOSE, IDLE_RESET -> {
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random(4000)));
        yield ended();
      }
      default -> plan.answer().framing() != Framing.UNTIL_CLOSE;
    };
  }

  private String head(String received, String framing) {
    String digest = Bytes.digest(~plan.id(), plan.answerBody());
    String receipt = received.isEmpty() ? "" : "Soak-Received: " + received + "\r\n";
    return "HTTP/1.1 %d Soak\r\nSoak-Id: %d\r\nSoak-Digest: %s\r\n%s%s\r\n"
        .formatted(plan.status(), plan.id(), digest, receipt, framing);
  }

  private byte[] body() {
    byte[] body = plan.bodiless() ? new byte[0] : plan.answerBody();
    return plan.bodiless() ? body : Bytes.framed(plan, plan.answer(), body);
  }

  private byte[] whole(String received) {
    return Bytes.joined(Bytes.ascii(head(received, Bytes.field(plan.answer()))), body());
  }

  /** The head, and never all of the body. */
  private boolean broken(byte[] head) throws IOException {
    byte[] body = body();
    return part(Bytes.joined(head, body), head.length + at(body.length));
  }

  private int at(int length) {
    return (int) (plan.cut() * length);
  }

  private void send(byte[] bytes) throws IOException {
    part(bytes, bytes.length);
    ledger.count("bytes down", bytes.length);
  }

  private boolean said(String text) throws IOException {
    byte[] bytes = Bytes.ascii(text);
    return part(bytes, bytes.length);
  }

  private boolean part(byte[] bytes, int end) throws IOException {
    OutputStream out = socket.getOutputStream();
    boolean atOnce = plan.backendFault() == BackendFault.STRAY;
    Pacing.write(out, bytes, end, atOnce ? Plan.Pace.AT_ONCE : plan.answer().pace());
    return true;
  }

  private boolean ended() throws IOException {
    Pacing.end(socket, plan.backendFault().resets());
    return false;
  }

  private boolean halfClosed() throws IOException {
    socket.shutdownOutput();
    return stalled();
  }

  /** Until the gateway leaves. */
  private boolean stalled() throws IOException {
    socket.getInputStream().skip(Long.MAX_VALUE);
    return false;
  }

  private void happened() {
    if (plan.backendFault() != BackendFault.NONE) {
      ledger.count("backend " + plan.backendFault());
    }
  }

  private static int random(int below) {
    return ThreadLocalRandom.current().nextInt(below);
  }
}
