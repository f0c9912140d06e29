package dev.sluice.gateway.proxy;

import dev.sluice.gateway.proxy.http1.EncodedAnswer;
import dev.sluice.gateway.proxy.http1.MessageEncoder;
import dev.sluice.gateway.proxy.http2.Outflow;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the answers of one client connection: how each is framed for this client, and whether the
 * connection outlives it (RFC 9112, sections 6 and 9).
 */
final class AnswerWriter {
  private final Supplier<String> date;
  private final @Nullable Outflow stream;
  private @Nullable ChannelHandlerContext ctx;
  private HttpMethod method = HttpMethod.GET;
  private boolean oldVersion;
  private boolean keepAlive;
  private boolean clientGoesOn;
  private boolean begun;
  private boolean endsWithConnection;
  private boolean continued;
  private long room;

  /**
   * @param date for answers that have none (RFC 9110, section 6.6.1)
   * @param stream what they are written to, which ends with each; null for a whole connection
   */
  AnswerWriter(Supplier<String> date, @Nullable Outflow stream) {
    this.date = date;
    this.stream = stream;
  }

  /** Sends no body after HEAD. */
  MessageEncoder encoder() {
    return new MessageEncoder(() -> HttpMethod.HEAD.equals(method));
  }

  void opened(ChannelHandlerContext context) {
    ctx = context;
  }

  /** The next answer is to this request. */
  void begin(HttpRequest request, boolean draining) {
    method = request.method();
    oldVersion = request.protocolVersion().minorVersion() == 0;
    clientGoesOn = stream == null && HttpUtil.isKeepAlive(request);
    keepAlive = !draining && clientGoesOn;
    begun = false;
    continued = false;
  }

  /** The next answer is to something that was no request, and is the last one. */
  void beginLast() {
    method = HttpMethod.GET;
    oldVersion = false;
    keepAlive = false;
    begun = false;
  }

  /** Whether the client takes the connection's end for the end of the current answer. */
  boolean endsWithConnection() {
    return begun && endsWithConnection;
  }

  /** Whether the head of the current answer is on its way. */
  boolean begun() {
    return begun;
  }

  void ended() {
    begun = false;
  }

  /** No further request is answered after the current one. */
  void lastOne() {
    keepAlive = false;
  }

  boolean keepsAlive() {
    return keepAlive;
  }

  /** Whether the client may send further requests, for all that it knows. */
  boolean clientGoesOn() {
    return clientGoesOn;
  }

  /**
   * The final head.
   *
   * @param requestEnded nothing of the request is still to come
   */
  void head(HttpResponse response, boolean requestEnded) {
    endsWithConnection = !frame(response);
    if (!requestEnded || endsWithConnection) {
      keepAlive = false;
    }
    if (!keepAlive) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (oldVersion) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
    if (!response.headers().contains(HttpHeaderNames.DATE)) {
      response.headers().set(HttpHeaderNames.DATE, date.get());
    }
    begun = true;
    write(response);
  }

  /** A complete answer that is framed and dated already. */
  void encoded(EncodedAnswer answer, boolean requestEnded) {
    endsWithConnection = false;
    keepAlive &= requestEnded;
    if (!keepAlive) {
      answer.add(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (oldVersion) {
      answer.add(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
    begun = true;
    write(answer);
  }

  /** Chooses the framing that this client can read; false where only closing ends the body. */
  private boolean frame(HttpResponse response) {
    if (HttpUtil.isContentLengthSet(response) || !hasBody(response)) {
      return true;
    }
    HttpUtil.setTransferEncodingChunked(response, !oldVersion);
    return !oldVersion;
  }

  private static boolean hasBody(HttpResponse response) {
    int status = response.status().code();
    return status >= 200 && status != 204 && status != 304;
  }

  /** {@code 100 Continue}, once, to a client that can read it: it may send its body. */
  void goOn() {
    if (!continued) {
      continued = true;
      interim(
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
    }
  }

  /** An interim answer (RFC 9110, section 15.2), which HTTP/1.0 does not know. */
  void interim(HttpResponse response) {
    if (oldVersion || begun) {
      return;
    }
    write(
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            response.status(),
            Unpooled.EMPTY_BUFFER,
            response.headers(),
            EmptyHttpHeaders.INSTANCE));
    flush();
  }

  void write(Object message) {
    context().write(message, context().voidPromise());
  }

  void flush() {
    context().flush();
  }

  /** Whether the client takes more at the moment. */
  boolean writable() {
    return context().channel().isWritable();
  }

  /** Whether something that was written has not left yet. */
  boolean pending() {
    if (stream != null) {
      return stream.pending();
    }
    ChannelOutboundBuffer buffer = context().channel().unsafe().outboundBuffer();
    return buffer != null && buffer.totalPendingWriteBytes() > 0;
  }

  /** Whether the client has taken something since this was asked last. */
  boolean moved() {
    if (stream != null) {
      return stream.moved();
    }
    long before = room;
    ChannelOutboundBuffer buffer = context().channel().unsafe().outboundBuffer();
    room = buffer == null ? 0 : buffer.totalPendingWriteBytes() - buffer.currentProgress();
    return room != before;
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(ctx);
  }
}
