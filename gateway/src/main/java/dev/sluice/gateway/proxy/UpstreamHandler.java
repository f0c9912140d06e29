package dev.sluice.gateway.proxy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * The end of one upstream connection: hands what arrives to the exchange that uses it at the
 * moment. Data on an idle connection closes it.
 */
final class UpstreamHandler extends ChannelInboundHandlerAdapter {
  private @Nullable UpstreamUser user;
  private @Nullable HttpMethod method;
  private boolean interim;
  private boolean answered;

  /** A response decoder that knows that answers to HEAD have no body. */
  HttpResponseDecoder decoder() {
    return new HttpResponseDecoder() {
      @Override
      protected boolean isContentAlwaysEmpty(HttpMessage message) {
        return HttpMethod.HEAD.equals(method) || super.isContentAlwaysEmpty(message);
      }
    };
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

  boolean idle() {
    return user == null;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    UpstreamUser current = user;
    if (current == null) {
      ReferenceCountUtil.release(message);
      ctx.close();
      return;
    }
    if (message instanceof HttpResponse response) {
      head(ctx, current, response);
    } else if (message instanceof HttpContent content) {
      content(ctx, current, content);
    }
  }

  private void head(ChannelHandlerContext ctx, UpstreamUser current, HttpResponse response) {
    if (response.decoderResult().isFailure() || answered) {
      ReferenceCountUtil.release(response);
      fail(ctx, new IOException("the backend's answer cannot be read"));
      return;
    }
    interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    if (interim && response.status().code() == 101) {
      fail(ctx, new IOException("the backend switched protocols unasked"));
    } else if (!interim) {
      answered = true;
      current.head(response);
    }
  }

  private void content(ChannelHandlerContext ctx, UpstreamUser current, HttpContent content) {
    if (interim) {
      content.release();
      interim = !(content instanceof LastHttpContent);
    } else if (content.decoderResult().isFailure()) {
      content.release();
      fail(ctx, new IOException("the backend's body cannot be read"));
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
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(ctx, new ClosedChannelException());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(ctx, cause);
  }
}
