package dev.sluice.gateway.proxy;

import static dev.sluice.gateway.proxy.FrameClient.CONTINUATION;
import static dev.sluice.gateway.proxy.FrameClient.DATA;
import static dev.sluice.gateway.proxy.FrameClient.END_HEADERS;
import static dev.sluice.gateway.proxy.FrameClient.END_STREAM;
import static dev.sluice.gateway.proxy.FrameClient.GOAWAY;
import static dev.sluice.gateway.proxy.FrameClient.HEADERS;
import static dev.sluice.gateway.proxy.FrameClient.PING;
import static dev.sluice.gateway.proxy.FrameClient.PRIORITY;
import static dev.sluice.gateway.proxy.FrameClient.PUSH_PROMISE;
import static dev.sluice.gateway.proxy.FrameClient.RST_STREAM;
import static dev.sluice.gateway.proxy.FrameClient.SETTINGS;
import static dev.sluice.gateway.proxy.FrameClient.WINDOW_UPDATE;
import static dev.sluice.gateway.proxy.FrameClient.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.proxy.FrameClient.Answer;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rules of RFC 9113 that a proxy can break, each with its section: what is malformed never reaches
 * a backend, and costs its stream or its connection and no other.
 */
final class Http2ConformanceTest {
  private static Rig rig;

  /** Sends what a row is about, on stream 1 where it is about a stream. */
  private interface Sending {
    void over(FrameClient client) throws IOException;
  }

  /**
   * One rule.
   *
   * @param expected {@code 200}; {@code refused}: 400 or a reset, and the next stream is served;
   *     {@code closed}: GOAWAY or the end of the connection
   */
  private record Row(String section, String rule, String expected, Sending sending) {
    @Override
    public String toString() {
      return section + " " + rule;
    }
  }

  @BeforeAll
  static void start() throws IOException {
    rig = new Rig(WireBackend.text("ok"));
  }

  @AfterAll
  static void stop() throws IOException {
    rig.close();
  }

  private static Row row(String section, String rule, String expected, Sending sending) {
    return new Row(section, rule, expected, sending);
  }

  private static Row refused(String section, String rule, String... fields) {
    return row(section, rule, "refused", client -> client.head(1, true, fields));
  }

  private static String[] without(String name) {
    String[] all = request("GET", "/api/a");
    for (int i = 0; i < all.length; i += 2) {
      if (all[i].equals(name)) {
        String[] left = new String[all.length - 2];
        System.arraycopy(all, 0, left, 0, i);
        System.arraycopy(all, i + 2, left, i, left.length - i);
        return left;
      }
    }
    throw new IllegalArgumentException(name);
  }

  private static String[] last(String[] fields, String name, String value) {
    String[] all = Arrays.copyOf(fields, fields.length + 2);
    all[fields.length] = name;
    all[fields.length + 1] = value;
    return all;
  }

  private static String[] get(String... more) {
    return request("GET", "/api/a", more);
  }

  static Stream<Row> rows() {
    return Stream.of(messages(), fields(), frames()).flatMap(each -> each);
  }

  private static Stream<Row> messages() {
    return Stream.of(
        row("8.1", "a request is answered", "200", c -> c.get(1, "/api/a")),
        row(
            "8.1",
            "trailers end their stream",
            "refused",
            c -> c.head(1, false, request("POST", "/api/a")).head(1, false, "x-a", "b")),
        row(
            "8.1",
            "no pseudo-header stands among trailers",
            "refused",
            c -> c.head(1, false, request("POST", "/api/a")).head(1, true, ":path", "/b")),
        row(
            "8.1.1",
            "a body is as long as it was said to be",
            "refused",
            c ->
                c.head(1, false, request("POST", "/api/a", "content-length", "5"))
                    .data(1, true, "abc")),
        row(
            "8.1.1",
            "a body is no longer than it was said to be",
            "refused",
            c ->
                c.head(1, false, request("POST", "/api/a", "content-length", "1"))
                    .data(1, true, "abc")),
        refused("8.1.1", "a body that was announced comes", get("content-length", "3")),
        refused("8.3.1", "a method is needed", without(":method")),
        refused("8.3.1", "a scheme is needed", without(":scheme")),
        refused("8.3.1", "a path is needed", without(":path")),
        refused("8.3.1", "an authority or a host is needed", without(":authority")),
        row(
            "8.3.1",
            "a host stands for the authority",
            "200",
            c -> c.head(1, true, last(without(":authority"), "host", "shop.example"))),
        refused("8.3.1", "host and authority are one", get("host", "other.example")),
        refused(
            "8.3.1", "an authority has no user", last(without(":authority"), ":authority", "a@b")),
        refused("8.3.1", "a path is not empty", request("GET", "")),
        refused("8.3.1", "a path begins with a slash", request("GET", "api/a")),
        refused("8.3", "a pseudo-header stands once", get(":path", "/api/b")),
        refused(
            "8.3",
            "pseudo-headers stand first",
            last(last(without(":path"), "x-a", "b"), ":path", "/api/a")),
        refused("8.3", "an answer's pseudo-header is none of a request's", get(":status", "200")),
        refused("8.3", "no unknown pseudo-header passes", get(":other", "x")),
        refused(
            "8.5", "CONNECT is not served", ":method", "CONNECT", ":authority", "a.example:443"),
        refused(
            "8441-4",
            "extended CONNECT is for websocket",
            request("CONNECT", "/api/a", ":protocol", "other")),
        refused("8441-4", "a protocol needs CONNECT", get(":protocol", "websocket")));
  }

  private static Stream<Row> fields() {
    return Stream.of(
        refused("8.2.1", "names are in lower case", get("X-A", "b")),
        refused("8.2.1", "a name has no space", get("x a", "b")),
        refused("8.2.1", "a name has no colon", get("x:a", "b")),
        refused("8.2.1", "a name is not empty", get("", "b")),
        refused("8.2.1", "a value has no line break", get("x-a", "b\r\nx-evil: 1")),
        refused("8.2.1", "a value has no bare line feed", get("x-a", "b\nc")),
        refused("8.2.1", "a value has no NUL", get("x-a", "b\0c")),
        refused("8.2.1", "a value begins with no blank", get("x-a", " b")),
        refused("8.2.1", "a value ends with no blank", get("x-a", "b\t")),
        refused(
            "8.2.1",
            "a path has no line break",
            request("GET", "/api/a HTTP/1.1\r\nx-evil: 1\r\n")),
        refused("8.2.1", "a path has no space", request("GET", "/api/a b")),
        refused("8.2.1", "a method is a token", request("G T", "/api/a")),
        refused("8.2.2", "connection has no place", get("connection", "close")),
        refused("8.2.2", "keep-alive has no place", get("keep-alive", "1")),
        refused("8.2.2", "proxy-connection has no place", get("proxy-connection", "close")),
        refused("8.2.2", "transfer-encoding has no place", get("transfer-encoding", "chunked")),
        refused("8.2.2", "upgrade has no place", get("upgrade", "websocket")),
        refused("8.2.2", "te names trailers alone", get("te", "gzip")),
        row("8.2.2", "te may name trailers", "200", c -> c.head(1, true, get("te", "trailers"))),
        refused(
            "9110-8.6",
            "lengths that differ are none",
            request("POST", "/api/a", "content-length", "1", "content-length", "2")),
        row(
            "9110-8.6",
            "equal lengths are refused, or passed on as one",
            "one length",
            c ->
                c.head(
                        1,
                        false,
                        request("POST", "/api/a", "content-length", "3", "content-length", "3"))
                    .data(1, true, "abc")),
        refused("9110-7.2", "no underscore stands for a dash", get("content_length", "3")),
        refused(
            "10.3",
            "a path that could be read as another is refused",
            request("GET", "/api/%2e%2e/a")));
  }

  private static Stream<Row> frames() {
    return Stream.of(
        row("5.1", "DATA needs a stream that is open", "closed", c -> c.data(1, true, "x")),
        row("5.1", "WINDOW_UPDATE needs a stream that was open", "closed", c -> c.window(1, 10)),
        row(
            "5.1",
            "RST_STREAM needs a stream that was open",
            "closed",
            c -> c.send(RST_STREAM, 0, 1, 0, 0, 0, 8)),
        row("5.1.1", "clients open odd streams", "closed", c -> c.get(2, "/api/a")),
        row(
            "5.1.1",
            "a stream that was passed over is not opened",
            "closed",
            c -> c.get(5, "/api/next").get(3, "/api/b")),
        row(
            "5.1.1",
            "a stream may be passed over",
            "200 on 7",
            c -> {
              assertThat(c.get(1, "/api/a").answer(1).status()).isEqualTo("200");
              assertThat(c.get(5, "/api/b").answer(5).status()).isEqualTo("200");
              c.get(7, "/api/c");
            }),
        row(
            "5.1",
            "DATA after a stream's end is none of a request",
            "refused",
            c -> c.get(1, "/api/next").data(1, true, "GET /api/b")),
        row(
            "5.1",
            "HEADERS after a stream's end are none of a request",
            "refused",
            c -> c.get(1, "/api/next").get(1, "/api/b")),
        row(
            "4.1",
            "the reserved bit is passed over",
            "200",
            c -> c.head(1 | Integer.MIN_VALUE, true, get())),
        row("6.5.3", "settings are acknowledged", "SETTINGS", c -> c.send(SETTINGS, 0, 0)),
        row("6.7", "a PING is answered", "PING", c -> c.send(PING, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7)),
        row(
            "6.7",
            "an answer to no PING is passed over",
            "200",
            c -> c.send(PING, 1, 0, 0, 1, 2, 3, 4, 5, 6, 7).get(1, "/api/a")),
        row(
            "6.2",
            "a head's padding is shorter than its frame",
            "closed",
            c -> c.send(HEADERS, 8 | END_HEADERS | END_STREAM, 1, 9, 0x82)),
        row(
            "6.9.1",
            "a stream's window is not over its most",
            "refused",
            c -> c.head(1, false, request("POST", "/api/a")).window(1, 0x7fffffff)),
        row("6.1", "DATA belongs to a stream", "closed", c -> c.send(DATA, 0, 0, 1)),
        row(
            "6.1",
            "padding is shorter than its frame",
            "closed",
            c -> c.head(1, false, request("POST", "/api/a")).send(DATA, 8, 1, 9, 1)),
        row(
            "6.2",
            "HEADERS belong to a stream",
            "closed",
            c -> c.send(HEADERS, END_HEADERS, 0, 0x82)),
        row(
            "6.2",
            "nothing stands between HEADERS and CONTINUATION",
            "closed",
            c ->
                c.frame(HEADERS, END_STREAM, 1, c.block(get()))
                    .send(PING, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
        row("6.3", "PRIORITY has five bytes", "refused", c -> c.send(PRIORITY, 0, 1, 0, 0)),
        row(
            "6.4",
            "RST_STREAM has four bytes",
            "closed",
            c -> c.head(1, false, request("POST", "/api/a")).send(RST_STREAM, 0, 1, 0)),
        row("6.5", "SETTINGS belong to no stream", "closed", c -> c.send(SETTINGS, 0, 1)),
        row("6.5", "SETTINGS are multiples of six", "closed", c -> c.send(SETTINGS, 0, 0, 1, 2, 3)),
        row(
            "6.5",
            "an acknowledgement is empty",
            "closed",
            c -> c.send(SETTINGS, 1, 0, 0, 1, 0, 0, 0, 0)),
        row(
            "6.5.2",
            "ENABLE_PUSH is 0 or 1",
            "closed",
            c -> c.send(SETTINGS, 0, 0, 0, 2, 0, 0, 0, 2)),
        row(
            "6.5.2",
            "a window is not over its most",
            "closed",
            c -> c.send(SETTINGS, 0, 0, 0, 4, 0x80, 0, 0, 0)),
        row(
            "6.5.2",
            "a frame's size is not under its least",
            "closed",
            c -> c.send(SETTINGS, 0, 0, 0, 5, 0, 0, 0, 1)),
        row(
            "6.5.2",
            "unknown settings are passed over",
            "200",
            c -> c.send(SETTINGS, 0, 0, 0, 99, 0, 0, 0, 1).get(1, "/api/a")),
        row(
            "6.6",
            "clients push nothing",
            "closed",
            c -> c.send(PUSH_PROMISE, END_HEADERS, 1, 0, 0, 0, 2)),
        row("6.7", "PING has eight bytes", "closed", c -> c.send(PING, 0, 0, 1)),
        row(
            "6.7",
            "PING belongs to no stream",
            "closed",
            c -> c.send(PING, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)),
        row(
            "6.8",
            "GOAWAY belongs to no stream",
            "closed",
            c -> c.send(GOAWAY, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)),
        row("6.9", "a window grows by something", "closed", c -> c.window(0, 0)),
        row("6.9.1", "a window is not over its most", "closed", c -> c.window(0, 0x7fffffff)),
        row(
            "6.10",
            "CONTINUATION follows HEADERS",
            "closed",
            c -> c.send(CONTINUATION, END_HEADERS, 1, 0x82)),
        row(
            "4.1",
            "unknown frames are passed over",
            "200",
            c -> c.send(0x77, 0, 0, 1, 2).get(1, "/api/a")),
        row(
            "4.2",
            "frames are not over their most",
            "closed",
            c -> c.frame(HEADERS, END_HEADERS, 1, new byte[20_000])),
        row(
            "4.3",
            "a field block that is no HPACK ends all",
            "closed",
            c -> c.send(HEADERS, END_HEADERS | END_STREAM, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)),
        row(
            "6.9",
            "a window of a stream grows by something",
            "refused",
            c ->
                c.head(1, false, request("POST", "/api/a")).send(WINDOW_UPDATE, 0, 1, 0, 0, 0, 0)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void keepsTheRule(Row row) throws IOException {
    int before = rig.backend.requests.size();
    try (FrameClient client = new FrameClient(rig.front.port())) {
      row.sending().over(client);
      switch (row.expected()) {
        case "200" -> assertThat(client.answer(1).status()).isEqualTo("200");
        case "200 on 7" -> assertThat(client.answer(7).status()).isEqualTo("200");
        case "refused" -> refused(client, before);
        case "SETTINGS" -> assertThat(acknowledged(client, SETTINGS).payload()).isEmpty();
        case "PING" ->
            assertThat(acknowledged(client, PING).payload())
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        case "one length" -> oneLength(client, before);
        default -> assertThat(closed(client)).isTrue();
      }
    }
    assertThat(rig.faults).isEmpty();
    assertThat(rig.backend.requests).noneMatch(request -> request.header("x-evil") != null);
  }

  private static FrameClient.Frame acknowledged(FrameClient client, int type) throws IOException {
    FrameClient.Frame frame = client.next();
    while (frame.type() != type || (frame.flags() & FrameClient.ACK) == 0) {
      frame = client.next();
    }
    return frame;
  }

  private static void refused(FrameClient client, int before) throws IOException {
    client.get(9, "/api/next");
    Answer next = client.answer(9);
    assertThat(next.status()).as("the next stream is served").isEqualTo("200");
    long others =
        rig.backend.requests.stream()
            .skip(before)
            .filter(request -> request.line().startsWith("GET") && !request.line().contains("next"))
            .count();
    assertThat(others).as("nothing of it reached the backend").isZero();
  }

  private static void oneLength(FrameClient client, int before) throws IOException {
    if (client.answer(1).status().equals("200")) {
      assertThat(rig.backend.requests).hasSize(before + 1);
      assertThat(rig.backend.requests.get(before).header("content-length")).isEqualTo("3");
    } else {
      refused(client, before);
    }
  }

  private static boolean closed(FrameClient client) throws IOException {
    try {
      while (true) {
        FrameClient.Frame frame = client.next();
        if (frame.type() == GOAWAY && frame.code() != 0) {
          return true;
        }
      }
    } catch (EOFException | SocketException e) {
      return true;
    }
  }
}
