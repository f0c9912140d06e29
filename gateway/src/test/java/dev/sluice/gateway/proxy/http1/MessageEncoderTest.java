package dev.sluice.gateway.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageEncoderTest {
  private boolean head;
  private final EmbeddedChannel channel = new EmbeddedChannel(new MessageEncoder(() -> head));

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private void write(Object message) {
    channel.pipeline().write(message, channel.voidPromise());
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, ISO_8859_1);
  }

  private static HttpResponse response(int status, String... fields) {
    HttpHeaders headers =
        DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    for (int i = 0; i < fields.length; i += 2) {
      headers.add(fields[i], fields[i + 1]);
    }
    return new DefaultHttpResponse(
        HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), headers);
  }

  /** What has left, buffer by buffer. */
  private List<String> sent() {
    List<String> pieces = new ArrayList<>();
    for (ByteBuf piece = channel.readOutbound(); piece != null; piece = channel.readOutbound()) {
      pieces.add(piece.toString(ISO_8859_1));
      piece.release();
    }
    return pieces;
  }

  private String flushed() {
    channel.flush();
    return String.join("", sent());
  }

  @Test
  void aHeadAndItsShortBodyAreOneBuffer() {
    write(response(200, "a", "b", "Content-Length", "5"));
    write(new DefaultHttpContent(bytes("he")));
    write(new DefaultLastHttpContent(bytes("llo")));
    assertThat(sent()).isEmpty();
    channel.flush();
    assertThat(sent()).containsExactly("HTTP/1.1 200 OK\r\na: b\r\nContent-Length: 5\r\n\r\nhello");
    channel.flush();
    assertThat(sent()).isEmpty();
  }

  @Test
  void aLargePieceLeavesAsItCame() {
    ByteBuf large = bytes("L".repeat(5000));
    String half = "h".repeat(1100);
    write(response(200, "content-length", "9201"));
    write(new DefaultHttpContent(large));
    write(new DefaultHttpContent(bytes("c")));
    write(new DefaultHttpContent(bytes(half)));
    write(new DefaultHttpContent(bytes(half)));
    write(new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER));
    channel.flush();
    assertThat(channel.outboundMessages()).hasSize(4).element(1).isSameAs(large);
    assertThat(sent()).element(2).isEqualTo("c" + half);
  }

  @Test
  void aRequestIsWrittenWhole() {
    var request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.PUT, "/a?b", bytes("body"));
    request.headers().add(AsciiString.cached("Host"), "shop").add("content-length", 4);
    write(request);
    assertThat(flushed())
        .isEqualTo("PUT /a?b HTTP/1.1\r\nHost: shop\r\ncontent-length: 4\r\n\r\nbody");
    assertThat(request.refCnt()).isZero();
  }

  @Test
  void chunksHaveTheirSizeInHexAndTheLastOneItsTrailers() {
    write(response(200, "transfer-encoding", "chunked"));
    write(new DefaultHttpContent(bytes("x".repeat(26))));
    write(new DefaultHttpContent(Unpooled.EMPTY_BUFFER));
    write(new DefaultHttpContent(bytes("y".repeat(3000))));
    LastHttpContent last = new DefaultLastHttpContent(bytes("end"));
    last.trailingHeaders().add("digest", "d");
    write(last);
    assertThat(flushed())
        .endsWith(
            "\r\n\r\n1a\r\n"
                + "x".repeat(26)
                + "\r\nbb8\r\n"
                + "y".repeat(3000)
                + "\r\n3\r\nend\r\n0\r\ndigest: d\r\n\r\n");
  }

  @Test
  void anEmptyChunkedBodyIsItsLastChunk() {
    write(response(200, "transfer-encoding", "chunked"));
    write(LastHttpContent.EMPTY_LAST_CONTENT);
    assertThat(flushed()).endsWith("chunked\r\n\r\n0\r\n\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "103, false, ''",
    "204, false, ''",
    "205, false, 'content-length: 0\r\n'",
    "304, false, 'Content-Length: 3\r\n'",
    "200, true,  'Content-Length: 3\r\n'",
  })
  void whatHasNoBodyGetsNone(int status, boolean headAsked, String length) {
    head = headAsked;
    ByteBuf body = bytes("abc");
    write(response(status, "Content-Length", "3"));
    write(new DefaultLastHttpContent(body));
    String reason = HttpResponseStatus.valueOf(status).reasonPhrase();
    assertThat(flushed()).isEqualTo("HTTP/1.1 " + status + " " + reason + "\r\n" + length + "\r\n");
    assertThat(body.refCnt()).isZero();
  }

  @Test
  void aLineBreakInAFieldBeginsNoOther() {
    write(response(200, "a", "b\r\nSet-Cookie: evil", "c", "\u010a\u4e2d\u00e9\t\u0000\u007f"));
    assertThat(flushed())
        .isEqualTo("HTTP/1.1 200 OK\r\na: b??Set-Cookie: evil\r\nc: ??\u00e9\t??\r\n\r\n");
  }

  @Test
  void aHeadOfAnySizeIsWhole() {
    String value = "v".repeat(100_000);
    for (int i = 0; i < 2; i++) {
      write(response(200, "long", value));
      assertThat(flushed()).isEqualTo("HTTP/1.1 200 OK\r\nlong: " + value + "\r\n\r\n");
      write(response(200, "short", "s"));
      assertThat(flushed()).isEqualTo("HTTP/1.1 200 OK\r\nshort: s\r\n\r\n");
    }
  }

  @Test
  void whoWaitsForAWriteIsToldOfItInItsOrder() {
    List<String> told = new ArrayList<>();
    write(response(200, "content-length", "1"));
    channel
        .pipeline()
        .write(new DefaultLastHttpContent(bytes("x")))
        .addListener(done -> told.add("content"));
    channel.pipeline().write(Unpooled.EMPTY_BUFFER).addListener(done -> told.add("after it"));
    assertThat(told).isEmpty();
    channel.flush();
    assertThat(told).containsExactly("content", "after it");
    assertThat(String.join("", sent())).endsWith("\r\n\r\nx");
  }

  @Test
  void whatWasNeverFlushedGoesWithTheConnection() {
    write(
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.OK, bytes("never sent")));
    channel.close();
    assertThat(sent()).isEmpty();
  }
}
