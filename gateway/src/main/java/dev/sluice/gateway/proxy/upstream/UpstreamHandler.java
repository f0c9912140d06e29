package dev.sluice.gateway.proxy.upstream;

import dev.sluice.gateway.proxy.http1.Limits;
import dev.sluice.gateway.proxy.http1.Malformed;
import dev.sluice.gateway.proxy.http1.MessageEncoder;
import dev.sluice.gateway.proxy.http1.ResponseDecoder;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * The end of one upstream connection: hands what arrives to the exchange that uses it at the
 * moment. Data on an idle connection closes it.
 */
final class UpstreamHandler extends ChannelInboundHandlerAdapter {
  /** Backends may answer with larger heads than clients may send. */
  private static final Limits LIMITS = new Limits(8 * 1024, 64 * 1024);

  private final ResponseDecoder decoder =
      new ResponseDecoder(LIMITS, () -> HttpMethod.HEAD.equals(this.method), this::endedWell);
  private final UpstreamConnection connection;
  private final boolean secure;
  private @Nullable UpstreamUser user;
  private HttpMethod method = HttpMethod.GET;
  private @Nullable Throwable trouble;
  private boolean interim;
  private boolean answered;
  private boolean farewell;

  /**
   * @param secure TLS says when a connection ends as it should
   */
  UpstreamHandler(UpstreamConnection connection, boolean secure) {
    this.connection = connection;
    this.secure = secure;
  }

  ResponseDecoder decoder() {
    return decoder;
  }

  void use(UpstreamUser next, HttpMethod requested) {
    user = next;
    method = requested;
    interim = false;
    answered = false;
  }

  /** Lets go of the user: nothing of this connection reaches it any more. */
  void leave() {
    user = null;
  }

  /** Whether nothing goes on here, and nothing that was never asked for has begun to arrive. */
  boolean idle() {
    return user == null && !decoder.unfinished();
  }

  /** From now on the connection speaks something else, which this handler takes. */
  void raw(ChannelHandler instead) {
    user = null;
    ChannelPipeline pipeline = connection.channel().pipeline();
    pipeline.remove(MessageEncoder.class);
    pipeline.replace(decoder, null, instead);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    UpstreamUser current = user;
    if (current == null) {
      ReferenceCountUtil.release(message);
      ctx.close();
    } else if (message instanceof HttpResponse response) {
      head(ctx, current, response);
    } else if (message instanceof HttpContent content) {
      content(current, content);
    } else if (message instanceof Malformed malformed) {
      fail(ctx, malformed);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  /**
   * Whether the end of the connection may be the end of an answer: a reset cuts it, and so does the
   * end of a TLS connection without close_notify (RFC 9112, section 9.8).
   */
  private boolean endedWell() {
    return trouble == null && (farewell || !secure);
  }

  private void head(ChannelHandlerContext ctx, UpstreamUser current, HttpResponse response) {
    interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    boolean switches = response.status().code() == 101;
    if (switches && !answered && current.switched(response)) {
      return;
    }
    if (answered || switches) {
      fail(ctx, new IOException("an answer that nothing asked for"));
    } else if (interim) {
      current.interim(response);
    } else {
      answered = true;
      connection.answered(response);
      current.head(response);
    }
  }

  private void content(UpstreamUser current, HttpContent content) {
    if (interim) {
      content.release();
      interim = !(content instanceof LastHttpContent);
    } else {
      current.body(content);
    }
  }

  private void fail(ChannelHandlerContext ctx, Throwable cause) {
    UpstreamUser current = user;
    user = null;
    ctx.close();
    if (current != null) {
      current.broken(cause);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (user != null) {
      user.upstreamRead();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (user != null) {
      user.upstreamWritable();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    connection.began();
    ctx.fireChannelActive();
  }

  /** After close_notify nothing comes any more: the TCP connection need not be waited for. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == SslCloseCompletionEvent.SUCCESS) {
      farewell = true;
      ctx.close();
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    connection.ended();
    Throwable cause = trouble;
    fail(ctx, cause == null ? new ClosedChannelException() : cause);
  }

  /**
   * A failed read closes the channel by itself. A failed write does not: what the backend said
   * before it closed is still read.
   */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      fail(ctx, cause);
      return;
    }
    trouble = cause;
    if (user != null) {
      user.troubled();
    } else {
      ctx.close();
    }
  }
}
