package dev.sluice.gateway.proxy;

import dev.sluice.config.Listen;
import dev.sluice.gateway.proxy.http1.EncodedAnswer;
import dev.sluice.gateway.proxy.http1.Limits;
import dev.sluice.gateway.proxy.http1.Malformed;
import dev.sluice.gateway.proxy.http1.MessageEncoder;
import dev.sluice.gateway.proxy.http1.RequestDecoder;
import dev.sluice.gateway.proxy.http2.Outflow;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client connection: takes its requests one after the other, however many were sent at once,
 * and gives each to an exchange. The next one begins when the answer before it is complete. A
 * stream of HTTP/2 is taken like a connection with one request.
 */
final class ClientHandler extends ChannelInboundHandlerAdapter implements ClientConnection {
  /** How long a client that has ended its sending side is taken to wait for an answer's head. */
  private static final Duration HALF_CLOSED = Duration.ofSeconds(2);

  private final Reception reception;
  private final Listen listen;
  private final Intake intake;
  private final AnswerWriter answers;
  private final MessageEncoder encoder;
  private final @Nullable Outflow stream;
  private Peer peer;
  private @Nullable ChannelHandlerContext ctx;
  private @Nullable LazyDeadline deadline;
  private @Nullable Leaving leaving;
  private @Nullable Exchange current;
  private boolean requestEnded = true;
  private boolean headStarted = true;
  private boolean inputEnded;
  private boolean tail;
  private boolean pumping;

  /**
   * @param peer the other end of the connection
   */
  ClientHandler(Reception reception, Listen listen, Peer peer) {
    this(reception, listen, peer, null);
  }

  /**
   * @param stream where the answer goes; null: to the connection
   */
  ClientHandler(Reception reception, Listen listen, Peer peer, @Nullable Outflow stream) {
    this.stream = stream;
    this.reception = reception;
    this.peer = peer;
    this.listen = listen;
    this.answers = new AnswerWriter(reception::date, stream);
    this.encoder = answers.encoder();
    this.intake =
        new Intake(
            new Limits(listen.maxRequestLine(), listen.maxHeaders()),
            () -> leaving().begun(),
            failure -> exceptionCaught(context(), failure));
  }

  /** Who sends the requests. */
  Peer peer() {
    return peer;
  }

  /** The proxy in front told whom the connection is from. */
  void told(ProxyHeader header) {
    peer = peer.named(header, reception.trusted());
  }

  RequestDecoder decoder() {
    return intake.decoder();
  }

  /** Of one connection there is one. */
  MessageEncoder encoder() {
    return encoder;
  }

  /** Where answers are written; complete ones go through {@link #answer}. */
  AnswerWriter answers() {
    return answers;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    ctx = added;
    answers.opened(added);
    intake.opened(added);
    leaving = stream == null ? new Leaving(added) : new LeavingStream(added, stream);
    deadline =
        new LazyDeadline(
            added.channel().eventLoop(), reception.services().nanos(), this::deadlinePassed);
    deadline.set(listen.headerDeadline());
    if (stream == null) {
      reception.joined(this);
    }
  }

  /** The connection goes over to another protocol, or is gone. */
  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    leaving().gone();
    deadline().close();
    reception.left(this);
  }

  @Override
  public EventLoop loop() {
    return context().channel().eventLoop();
  }

  @Override
  public void close() {
    context().close();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (leaving().begun()) {
      ReferenceCountUtil.release(message);
      return;
    }
    intake.add(message);
    pump();
  }

  private void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      for (Object next = intake.first(); next != null && due(next); next = intake.first()) {
        intake.taken();
        dispatch(next);
      }
    } finally {
      pumping = false;
    }
    intake.read();
  }

  /** A next request, readable or not, has to wait until the one before it is answered. */
  private boolean due(Object message) {
    Exchange exchange = current;
    return exchange == null
        || (exchange.takesBody()
            && !(message instanceof HttpRequest || (message instanceof Malformed && requestEnded)));
  }

  private void dispatch(Object message) {
    if (message instanceof HttpRequest request) {
      begin(request);
    } else if (message instanceof HttpContent content) {
      content(content);
    } else if (message instanceof Malformed malformed) {
      broken(malformed);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(HttpRequest request) {
    headStarted = false;
    requestEnded = RequestRules.length(request) == 0;
    deadline().clear();
    answers.begin(request, reception.draining());
    reception.receive(this, request);
  }

  private void content(HttpContent content) {
    requestEnded |= content instanceof LastHttpContent;
    Exchange exchange = current;
    if (exchange == null) {
      content.release();
    } else {
      exchange.content(content);
    }
  }

  /** Nothing after these bytes can be told apart. */
  private void broken(Malformed malformed) {
    if (current == null) {
      answers.beginLast();
    }
    requestEnded = false;
    refuse(Problem.closing(malformed.status(), malformed.detail()));
  }

  /** Ends whatever goes on with this problem, or by a cut where an answer has begun already. */
  void refuse(Problem problem) {
    Exchange exchange = current;
    if (exchange != null) {
      exchange.refuse(problem);
    } else if (answers.begun()) {
      abort();
    } else {
      reception.reject(this, problem);
    }
  }

  /** Hands on what came while its exchange took nothing. */
  void resume() {
    pump();
    if (current != null) {
      current.readComplete();
    }
  }

  /** What it becomes where it is switched to a WebSocket. */
  TunnelClient tunnel() {
    return stream == null ? new TunnelOverHttp1(this) : new TunnelOverHttp2(this);
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
    answered();
  }

  /** The same of one whose head is encoded already. */
  void answer(EncodedAnswer response) {
    drained();
    answers.encoded(response, requestEnded);
    answered();
  }

  /** The answer's head; its body follows through {@link #answers()}. */
  void head(HttpResponse response) {
    drained();
    answers.head(response, requestEnded);
  }

  /** An answer that is begun during a stop says so, though its connection was not told yet. */
  private void drained() {
    if (reception.draining()) {
      answers.lastOne();
    }
  }

  /** The answer is complete. */
  void answered() {
    current = null;
    answers.ended();
    if (requestEnded && answers.keepsAlive()) {
      rest();
    } else {
      leave(answers.clientGoesOn() || !requestEnded || intake.unread());
    }
  }

  /** Between two requests. */
  private void rest() {
    answers.flush();
    hold(false);
    headStarted = intake.unfinished();
    tail = false;
    deadline().set(headStarted ? listen.headerDeadline() : listen.idle());
    if (inputEnded && intake.empty()) {
      leave(false);
      return;
    }
    pump();
    if (current != null) {
      current.readComplete();
    }
  }

  /** What could be sent has left; the end of an answer that has not has a deadline of its own. */
  void flushed() {
    if (current == null && !tail && !leaving().begun() && answers.pending()) {
      tail = true;
      deadline().set(listen.writeDeadline());
    }
  }

  /**
   * Ends the connection once everything written has left.
   *
   * @param more whether the client may have sent more than was read, or be about to
   */
  private void leave(boolean more) {
    intake.drop();
    deadline().set(listen.writeDeadline());
    if (more && !inputEnded) {
      leaving().linger(() -> deadline().set(Leaving.LINGER));
      hold(false);
    } else {
      leaving().close();
    }
  }

  /**
   * Ends the connection in the middle of an answer, so that the client sees that it is cut. Answers
   * before it, of which a part may still wait here, reach the client whole.
   */
  void cut() {
    if (answers.endsWithConnection()) {
      abort();
    } else {
      current = null;
      leave(true);
    }
  }

  /** Ends the connection in the middle of an answer, and drops what the client has not taken. */
  void abort() {
    current = null;
    intake.drop();
    leaving().abort();
  }

  /** Stops or resumes reading from the client. */
  void hold(boolean stop) {
    intake.hold(stop);
  }

  LazyDeadline deadline() {
    return Objects.requireNonNull(deadline);
  }

  ChannelHandlerContext context() {
    return Objects.requireNonNull(ctx);
  }

  private Leaving leaving() {
    return Objects.requireNonNull(leaving);
  }

  @Override
  public void drain() {
    answers.lastOne();
    Exchange exchange = current;
    if (exchange != null) {
      exchange.drain();
    }
    boolean idle = exchange == null && !intake.unread();
    if (idle && !headStarted && !leaving().begun()) {
      leave(false);
    }
  }

  private void deadlinePassed() {
    Exchange exchange = current;
    if (leaving().begun() && !answers.pending()) {
      context().close();
    } else if (leaving().begun()) {
      tailDue();
    } else if (exchange != null) {
      exchange.deadlinePassed();
    } else if (tail && answers.pending()) {
      tailDue();
    } else if (tail) {
      tail = false;
      deadline().set(listen.idle());
    } else if (intake.unfinished()) {
      requestEnded = false;
      answers.beginLast();
      reception.reject(this, Problem.closing(408, "the request head took too long"));
    } else {
      context().close();
    }
  }

  /** The end of an answer has not left yet. */
  private void tailDue() {
    if (answers.moved()) {
      deadline().set(listen.writeDeadline());
    } else {
      leaving().abort();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (current != null) {
      current.readComplete();
    } else if (!headStarted && !leaving().begun() && intake.unfinished()) {
      headStarted = true;
      tail = false;
      deadline().set(listen.headerDeadline());
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (current != null) {
      current.writabilityChanged();
    }
  }

  /** The client sends no more; what it has asked for completely is still answered. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (!(event instanceof ChannelInputShutdownEvent) || inputEnded) {
      context.fireUserEventTriggered(event);
      return;
    }
    inputEnded = true;
    leaving().inputEnded();
    Exchange exchange = current;
    if (exchange == null) {
      rested();
    } else if (!requestEnded) {
      left();
      context.close();
    } else {
      context
          .executor()
          .schedule(() -> stillThere(exchange), HALF_CLOSED.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Nothing is to be answered any more. */
  private void rested() {
    if (!leaving().begun()) {
      leave(false);
    }
  }

  /** A client that ended its side and has had no answer by now is taken to have left. */
  private void stillThere(Exchange exchange) {
    if (current == exchange && !answers.begun()) {
      left();
      context().close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    deadline().close();
    left();
    reception.left(this);
  }

  private void left() {
    intake.drop();
    leaving().gone();
    Exchange exchange = current;
    current = null;
    if (exchange != null) {
      exchange.clientGone();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (Reasons.peers(cause) || leaving().begun()) {
      context.close();
      return;
    }
    reception.services().observer().fault("client connection", cause);
    answers.lastOne();
    refuse(Problem.closing(500, "a fault of the gateway"));
  }
}
