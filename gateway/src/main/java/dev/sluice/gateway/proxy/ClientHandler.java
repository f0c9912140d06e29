package dev.sluice.gateway.proxy;

import dev.sluice.config.Listen;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One client connection: takes its requests one after the other, however many were sent at once,
 * and gives each to an exchange. The next one begins when the answer before it is complete.
 */
final class ClientHandler extends ChannelInboundHandlerAdapter {
  private static final int MAX_WAITING = 32;
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final Reception reception;
  private final Listen listen;
  private final ArrayDeque<Object> waiting = new ArrayDeque<>();
  private @Nullable ChannelHandlerContext ctx;
  private @Nullable LazyDeadline deadline;
  private @Nullable Exchange current;
  private HttpMethod method = HttpMethod.GET;
  private boolean oldVersion;
  private boolean requestEnded = true;
  private boolean keepAlive = true;
  private boolean headStarted;
  private boolean lingering;
  private boolean pumping;
  private boolean held;
  private boolean headWritten;

  ClientHandler(Reception reception, Listen listen) {
    this.reception = reception;
    this.listen = listen;
  }

  /** A response encoder that sends no body after HEAD. */
  HttpResponseEncoder encoder() {
    return new HttpResponseEncoder() {
      @Override
      protected boolean isContentAlwaysEmpty(HttpResponse response) {
        return HttpMethod.HEAD.equals(method) || super.isContentAlwaysEmpty(response);
      }
    };
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    ctx = added;
    deadline =
        new LazyDeadline(
            added.channel().eventLoop(), reception.services().nanos(), this::deadlinePassed);
    deadline.set(listen.idle());
    reception.joined(this);
  }

  /** Bytes arrived: a request head must be complete soon from its first byte on. */
  void bytesArrived() {
    if (current == null && requestEnded && !headStarted && !lingering) {
      headStarted = true;
      deadline().set(listen.headerDeadline());
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (lingering) {
      linger(message);
      return;
    }
    waiting.add(message);
    pump();
  }

  private void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      while (!waiting.isEmpty() && !(waiting.peek() instanceof HttpRequest && current != null)) {
        dispatch(waiting.poll());
      }
    } finally {
      pumping = false;
    }
    read();
  }

  private void dispatch(Object message) {
    if (lingering) {
      linger(message);
      return;
    }
    if (message instanceof HttpRequest request) {
      begin(request);
      if (request.decoderResult().isFailure()) {
        ReferenceCountUtil.release(message);
        return;
      }
    }
    if (message instanceof HttpContent content) {
      content(content);
    }
  }

  private void begin(HttpRequest request) {
    headStarted = false;
    method = request.method();
    oldVersion = !request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    requestEnded = RequestRules.length(request) == 0 || request.decoderResult().isFailure();
    headWritten = false;
    keepAlive = HttpUtil.isKeepAlive(request) && !reception.draining();
    deadline().clear();
    reception.receive(this, request);
  }

  private void content(HttpContent content) {
    if (content.decoderResult().isFailure()) {
      content.release();
      badBody(content.decoderResult().cause());
      return;
    }
    boolean last = content instanceof LastHttpContent;
    requestEnded |= last;
    Exchange exchange = current;
    if (exchange == null) {
      content.release();
    } else {
      exchange.content(content);
    }
  }

  private void badBody(Throwable cause) {
    giveUp(RequestRules.unreadable(cause));
  }

  /** Ends whatever goes on: with this problem, or by a cut where an answer has begun already. */
  void giveUp(Problem problem) {
    Exchange exchange = current;
    current = null;
    if (exchange != null) {
      exchange.clientGone();
    }
    if (headWritten) {
      abort();
    } else {
      reception.reject(this, problem);
    }
  }

  /** Hands the request's body and everything else that happens to this exchange. */
  void exchange(Exchange exchange) {
    current = exchange;
  }

  /** Whether this exchange is still the one that the client waits for. */
  boolean serves(Exchange exchange) {
    return current == exchange;
  }

  /** A complete answer; ends the exchange. */
  void answer(FullHttpResponse response) {
    head(response);
    flush();
    answered(true);
  }

  /** The answer's head, kept alive or closed as the connection stands. */
  void head(HttpResponse response) {
    boolean framed =
        HttpUtil.isContentLengthSet(response) || HttpUtil.isTransferEncodingChunked(response);
    if (oldVersion && !HttpUtil.isContentLengthSet(response)) {
      HttpUtil.setTransferEncodingChunked(response, false);
      framed = false;
    } else if (!framed && hasBody(response)) {
      HttpUtil.setTransferEncodingChunked(response, true);
      framed = true;
    }
    if (!requestEnded || (!framed && hasBody(response))) {
      keepAlive = false;
    }
    if (!keepAlive) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (oldVersion) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
    headWritten = true;
    write(response);
  }

  private boolean hasBody(HttpResponse response) {
    int status = response.status().code();
    return status >= 200 && status != 204 && status != 304;
  }

  /** {@code 100 Continue}: the client may send its body. */
  void goOn() {
    write(
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
    flush();
  }

  void write(Object message) {
    context().write(message, context().voidPromise());
  }

  void flush() {
    context().flush();
  }

  /** No further request is taken after the current one. */
  void lastOne() {
    keepAlive = false;
  }

  /** The answer is complete; without reuse the connection ends. */
  void answered(boolean reuse) {
    current = null;
    deadline().set(listen.idle());
    if (!requestEnded) {
      lingering = true;
      deadline().set(LINGER);
      hold(false);
      dropWaiting();
    } else if (!reuse || !keepAlive) {
      close();
    } else {
      hold(false);
      pump();
      if (current != null) {
        current.readComplete();
      }
    }
  }

  private void linger(Object message) {
    ReferenceCountUtil.release(message);
    if (message instanceof LastHttpContent) {
      close();
    }
  }

  /** Ends the connection once everything written has left. */
  void close() {
    lingering = true;
    context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /** Ends the connection in the middle of an answer, so that the client sees that it is cut. */
  void abort() {
    current = null;
    lingering = true;
    context().close();
  }

  /** Stops or resumes reading from the client. */
  void hold(boolean stop) {
    held = stop;
    read();
  }

  private void read() {
    boolean wanted = !held && waiting.size() < MAX_WAITING;
    if (context().channel().config().isAutoRead() != wanted) {
      context().channel().config().setAutoRead(wanted);
    }
  }

  boolean writable() {
    return context().channel().isWritable();
  }

  LazyDeadline deadline() {
    return java.util.Objects.requireNonNull(deadline);
  }

  ChannelHandlerContext context() {
    return java.util.Objects.requireNonNull(ctx);
  }

  /** A graceful stop begins: idle connections close now, the others after their answer. */
  void drain() {
    keepAlive = false;
    if (current == null && !headStarted && requestEnded) {
      close();
    }
  }

  private void deadlinePassed() {
    Exchange exchange = current;
    if (exchange != null) {
      exchange.deadlinePassed();
    } else if (headStarted) {
      keepAlive = false;
      reception.reject(
          this, Problem.closing(408, "Request Timeout", "the request head took too long"));
    } else {
      context().close();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (current != null) {
      current.readComplete();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (current != null) {
      current.writabilityChanged();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    deadline().close();
    dropWaiting();
    lingering = true;
    Exchange exchange = current;
    current = null;
    if (exchange != null) {
      exchange.clientGone();
    }
    reception.left(this);
  }

  private void dropWaiting() {
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof java.io.IOException || lingering) {
      context.close();
      return;
    }
    reception.services().observer().fault("client connection", cause);
    giveUp(Problem.closing(500, "Internal Server Error", "a fault of the gateway"));
  }
}
