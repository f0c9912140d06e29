package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.proxy.ConformanceCase.After;
import dev.sluice.gateway.proxy.ConformanceCase.Expected;
import dev.sluice.gateway.proxy.ConformanceCase.Sight;
import dev.sluice.gateway.proxy.ConformanceCase.Step;
import dev.sluice.gateway.proxy.ConformanceMessage.Message;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import org.assertj.core.api.SoftAssertions;

/** One gateway and one scripted backend for all cases. */
final class ConformanceRig implements AutoCloseable {
  private static final String LIMITS =
      ", max-request-line: 1KiB, max-headers: 2KiB, max-body: 4KiB";
  private static final String AFTER = "GET /api/after HTTP/1.1";

  private final ConformanceBackend backend = new ConformanceBackend(AFTER);
  private final Rig rig;

  /** How the bytes of one step leave the client. */
  interface Sending {
    void send(WireClient client, String bytes) throws IOException;
  }

  ConformanceRig() throws IOException {
    this("auto");
  }

  ConformanceRig(String transport) throws IOException {
    rig = new Rig(backend, LIMITS + ", transport: " + transport, "", null);
  }

  void run(ConformanceCase test, Sending sending) throws IOException {
    backend.begin(test);
    try (WireClient client = rig.client()) {
      talk(client, test, sending);
      if (test.after == After.OPEN) {
        next(client);
      } else {
        assertThat(client.ended()).as("closed after the answer").isTrue();
      }
    }
    if (test.after == After.CLOSED) {
      try (WireClient other = rig.client()) {
        next(other);
      }
    }
    seen(test);
    assertThat(rig.faults).isEmpty();
  }

  private void talk(WireClient client, ConformanceCase test, Sending sending) throws IOException {
    for (Step step : test.steps) {
      if (step instanceof Step.Send send) {
        written(client, send.bytes(), sending);
      } else if (step instanceof Step.Wait waits) {
        assertThat(client.head().status()).isEqualTo(waits.status());
      } else {
        client.socket.shutdownOutput();
      }
    }
    for (Expected expected : test.answers) {
      if (expected.cut) {
        assertThatThrownBy(() -> ConformanceMessage.answer(client.in(), false))
            .isInstanceOfAny(EOFException.class, SocketException.class);
        return;
      }
      Message answer = ConformanceMessage.answer(client.in(), expected.bodiless);
      assertThat(answer.line()).startsWith("HTTP/1.1 " + expected.line + " ");
      fits(answer, expected);
    }
  }

  /** A gateway that has refused already may have closed; what it said is still there. */
  private static void written(WireClient client, String bytes, Sending sending) throws IOException {
    try {
      sending.send(client, bytes);
    } catch (SocketException e) {
      assertThat(client.in().available()).as("an answer came before the cut").isPositive();
    }
  }

  /** Both connections are where a next request begins. */
  private static void next(WireClient client) throws IOException {
    client.send(AFTER + "\r\nHost: a\r\n\r\n");
    Message answer = ConformanceMessage.answer(client.in(), false);
    assertThat(answer.line()).as("the next request").startsWith("HTTP/1.1 200 ");
    assertThat(answer.body()).isEqualTo("ok");
  }

  private void seen(ConformanceCase test) {
    assertThat(backend.unreadable).isEmpty();
    List<Message> seen = backend.taken();
    assertThat(seen).isNotEmpty();
    assertThat(seen.get(seen.size() - 1).line()).isEqualTo(AFTER);
    List<Message> own = seen.subList(0, seen.size() - 1);
    if (test.sight == Sight.NOTHING) {
      assertThat(backend.heads()).as("requests at the backend").containsExactly(AFTER);
    }
    int at = 0;
    for (Expected expected : test.requests) {
      assertThat(own.size()).as("requests at the backend").isGreaterThan(at);
      do {
        assertThat(own.get(at).line()).isEqualTo(expected.line);
        fits(own.get(at++), expected);
      } while (expected.repeatable && at < own.size() && own.get(at).line().equals(expected.line));
    }
    assertThat(own).as("requests at the backend").hasSize(at);
  }

  private static void fits(Message message, Expected expected) {
    SoftAssertions all = new SoftAssertions();
    for (String field : expected.fields) {
      int colon = field.indexOf(':');
      String value = message.field(field.substring(0, colon));
      String wanted = field.substring(colon + 1).trim();
      if (wanted.equals("*")) {
        all.assertThat(value).as(field).isNotNull();
      } else {
        all.assertThat(value).as(field).isEqualTo(wanted);
      }
    }
    for (String absent : expected.without) {
      all.assertThat(message.field(absent)).as(absent).isNull();
    }
    if (expected.body != null) {
      all.assertThat(message.body()).as("body").isEqualTo(expected.body);
    }
    if (!expected.trailers.isEmpty()) {
      all.assertThat(message.trailers()).as("trailers").isEqualTo(trailers(expected));
    }
    all.assertAll();
  }

  private static List<String> trailers(Expected expected) {
    return expected.trailers.equals(List.of("none")) ? List.of() : expected.trailers;
  }

  @Override
  public void close() throws IOException {
    rig.close();
  }
}
