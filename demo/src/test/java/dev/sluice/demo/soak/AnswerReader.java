package dev.sluice.demo.soak;

import dev.sluice.demo.soak.Ledger.Exchange;
import dev.sluice.demo.soak.MessageReader.Garbled;
import dev.sluice.demo.soak.MessageReader.Head;
import dev.sluice.demo.soak.Plan.Framing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads one answer after the other of one client connection, and tells what it was. */
final class AnswerReader {
  private final Ledger ledger;
  private final MessageReader reader;
  private final Semaphore goOn;
  private final CompletableFuture<Boolean> sendingFailed;

  /**
   * @param goOn released when the request's body may follow
   * @param sendingFailed whether the writing side was told of an error
   */
  AnswerReader(
      Ledger ledger, Pacing.Input in, Semaphore goOn, CompletableFuture<Boolean> sendingFailed) {
    this.ledger = ledger;
    this.reader = new MessageReader(in);
    this.goOn = goOn;
    this.sendingFailed = sendingFailed;
  }

  /** What a client sees. */
  enum Kind {
    /** The backend's answer, whole and right. */
    VERIFIED,
    /** The gateway's own. */
    REFUSED,
    /** An answer that visibly ends before its end. */
    CUT,
    /** The connection ended without an answer. */
    SILENT,
    /** The client itself broke off. */
    LEFT,
    /** Anything that must not be. */
    WRONG
  }

  /**
   * One answer.
   *
   * @param more the connection takes another request
   * @param why what is wrong, or how it was read
   */
  record Answer(Kind kind, int status, boolean more, String why) {}

  Answer read(Exchange exchange) {
    try {
      Head head = finalHead(exchange.plan);
      return head == null ? ended(Kind.SILENT, "end") : answer(exchange.plan, head);
    } catch (Pacing.Left e) {
      return ended(Kind.LEFT, "left");
    } catch (SocketTimeoutException e) {
      return ended(Kind.WRONG, "no answer for twenty seconds");
    } catch (Garbled e) {
      return ended(Kind.WRONG, "no HTTP: " + e.getMessage());
    } catch (IOException e) {
      return ended(reader.begun() ? Kind.CUT : Kind.SILENT, String.valueOf(e.getMessage()));
    }
  }

  private static Answer ended(Kind kind, String why) {
    return new Answer(kind, 0, false, why);
  }

  private @Nullable Head finalHead(Plan plan) throws IOException {
    Head head = reader.head();
    while (head != null && status(head) < 200) {
      ledger.count("interim answers");
      if (plan.old()) {
        throw new Garbled("an interim answer for HTTP/1.0");
      }
      if (status(head) == 100) {
        goOn.release();
      }
      head = reader.head();
    }
    goOn.release();
    return head;
  }

  private static int status(Head head) throws Garbled {
    String line = head.line();
    if (!line.matches("HTTP/1\\.1 [1-5][0-9][0-9] .*")) {
      throw new Garbled("status line " + line);
    }
    return Integer.parseInt(line.substring(9, 12));
  }

  private Answer answer(Plan plan, Head head) throws IOException {
    int status = status(head);
    Framing framing = MessageReader.framing(head);
    if (plan.old() && framing == Framing.CHUNKED) {
      throw new Garbled("chunks for HTTP/1.0");
    }
    boolean own = head.field("soak-id") == null;
    boolean none = plan.head() || status == 204 || status == 304;
    MessageDigest digest = Bytes.digest(~plan.id());
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    MessageReader.Sink sink = own ? text::write : digest::update;
    String trailer = reader.body(head, none ? Framing.NONE : framing, sink);
    boolean more = !head.has("connection", "close") && (none || framing != Framing.UNTIL_CLOSE);
    if (own) {
      return new Answer(Kind.REFUSED, status, more, text.toString(StandardCharsets.UTF_8));
    }
    String wrong = wrong(plan, head, none ? null : Bytes.hex(digest));
    if (wrong != null && framing == Framing.UNTIL_CLOSE && resetWhileSending()) {
      throw new SocketException("reset");
    }
    boolean trailed = plan.answer().trailers() && framing == Framing.CHUNKED && !none;
    if (wrong == null && trailed && !Long.toString(plan.id()).equals(trailer)) {
      wrong = "the answer lost its trailer";
    }
    return wrong == null
        ? new Answer(Kind.VERIFIED, status, more, framing.name())
        : new Answer(Kind.WRONG, status, false, wrong);
  }

  /** The kernel tells of a reset once: here the writing side was told, and this one sees an end. */
  private boolean resetWhileSending() {
    return sendingFailed.completeOnTimeout(false, 5, TimeUnit.SECONDS).join();
  }

  private @Nullable String wrong(Plan plan, Head head, @Nullable String read) throws Garbled {
    String digest = Bytes.digest(~plan.id(), plan.answerBody());
    String receipt = head.field("soak-received");
    if (!head.has("soak-id", Long.toString(plan.id()))) {
      return "crossed: the answer to " + head.field("soak-id");
    }
    if (status(head) != plan.status() || !head.has("soak-digest", digest)) {
      return "another answer: " + head.line();
    }
    if (read != null && !read.equals(digest)) {
      return "another body, taken for whole";
    }
    boolean unread = plan.backendFault().early();
    String sent = unread ? null : Bytes.digest(plan.id(), plan.requestBody());
    return unread || sent.equals(receipt) ? null : "the backend received another body";
  }
}
