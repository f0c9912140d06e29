package dev.sluice.gateway.proxy;

import dev.sluice.config.Backend;
import dev.sluice.fallback.queue.CapturedAnswer;
import dev.sluice.gateway.filter.Limits;
import dev.sluice.gateway.filter.Slot;
import dev.sluice.gateway.identity.Identities;
import dev.sluice.gateway.proxy.http2.RefusedStream;
import dev.sluice.gateway.proxy.upstream.LoopPools;
import dev.sluice.gateway.proxy.upstream.UpstreamConnection;
import dev.sluice.gateway.proxy.upstream.UpstreamPool;
import dev.sluice.gateway.proxy.upstream.UpstreamUser;
import dev.sluice.gateway.proxy.upstream.Upstreams;
import dev.sluice.gateway.route.Decider;
import dev.sluice.gateway.route.Rewriting;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends whole requests to backends over the data path's pools and gathers the answers. */
public final class UpstreamClient {
  /** Bytes of an answer's body that are kept; the rest is read and dropped. */
  public static final int MAX_ANSWER = 256 * 1024;

  private final EventLoopGroup loops;
  private final Upstreams upstreams;
  private final Limits limits;
  private final Identities identities;

  UpstreamClient(EventLoopGroup loops, Upstreams upstreams, Limits limits, Identities identities) {
    this.identities = identities;
    this.limits = limits;
    this.loops = loops;
    this.upstreams = upstreams;
  }

  /**
   * A slot of the backend's limit for a write that waits, to be released by whoever sends it; null
   * while live requests need the backend.
   */
  public @Nullable Slot replay(Backend backend) {
    return limits.of(backend).replay();
  }

  /** How an attempt ended. */
  public sealed interface Result {
    /** The backend answered. */
    record Answered(CapturedAnswer answer) implements Result {}

    /** Nothing of the request left the gateway. */
    record NotSent(String reason) implements Result {}

    /** The request may have reached the backend, and no answer came. */
    record Ambiguous(String reason) implements Result {}
  }

  /**
   * Sends one request, as its route's filters leave it; the future never fails. Nothing is sent
   * twice. Cancelling the future ends the exchange as its deadline does: the connection is reset,
   * and what has not left this machine never will. What the backend has read by then it may still
   * carry out.
   */
  public CompletableFuture<Result> exchange(
      Backend backend,
      Rewriting rewriting,
      String method,
      String target,
      String host,
      List<Map.Entry<String, String>> headers,
      byte[] body,
      Duration deadline) {
    return exchange(backend, rewriting, method, target, host, headers, body, deadline, MAX_ANSWER);
  }

  /**
   * The same for an answer of any size.
   *
   * @param most bytes of its body that are kept
   */
  CompletableFuture<Result> exchange(
      Backend backend,
      Rewriting rewriting,
      String method,
      String target,
      String host,
      List<Map.Entry<String, String>> headers,
      byte[] body,
      Duration deadline,
      int most) {
    CompletableFuture<Result> result = new CompletableFuture<>();
    EventLoop loop = loops.next();
    LoopPools own = upstreams.on(loop);
    DefaultFullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.valueOf(method),
            rewriting.target(target),
            Unpooled.wrappedBuffer(body));
    headers.forEach(header -> request.headers().add(header.getKey(), header.getValue()));
    request.headers().set(HttpHeaderNames.HOST, host);
    if (!rewriting.none()) {
      Heads.rewrite(rewriting, request.headers());
    }
    Heads.show(identities, backend, request.headers());
    if (body.length > 0 || !Decider.safe(method)) {
      request.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    }
    try {
      loop.execute(() -> new Attempt(own.to(backend), request, loop, result, most).begin(deadline));
    } catch (java.util.concurrent.RejectedExecutionException e) {
      result.complete(new Result.NotSent("the gateway is stopping"));
    }
    return result;
  }

  /** One attempt on one connection. A new connection, so that a stale one never costs a write. */
  private static final class Attempt implements UpstreamUser, UpstreamPool.Waiter {
    private final UpstreamPool pool;
    private final DefaultFullHttpRequest request;
    private final EventLoop loop;
    private final CompletableFuture<Result> result;
    private final int most;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private @Nullable UpstreamConnection connection;
    private @Nullable HttpResponse response;
    private @Nullable ScheduledFuture<?> timer;
    private boolean sent;
    private boolean whole = true;

    Attempt(
        UpstreamPool pool,
        DefaultFullHttpRequest request,
        EventLoop loop,
        CompletableFuture<Result> result,
        int most) {
      this.most = most;
      this.pool = pool;
      this.request = request;
      this.loop = loop;
      this.result = result;
    }

    void begin(Duration deadline) {
      if (result.isDone()) {
        request.release();
        return;
      }
      result.whenComplete((outcome, failure) -> cancelled());
      timer = loop.schedule(this::outOfTime, deadline.toMillis(), TimeUnit.MILLISECONDS);
      pool.acquireNew(null, this);
    }

    private void outOfTime() {
      if (connection != null) {
        connection.failed();
      }
      abandon(new IOException("no answer in time"));
    }

    private void cancelled() {
      if (result.isCancelled()) {
        loop.execute(() -> abandon(new IOException("the attempt was given up")));
      }
    }

    /** A plain close would still send what the kernel has taken: a reset throws it away. */
    private void abandon(IOException cause) {
      if (connection != null) {
        connection.channel().config().setOption(ChannelOption.SO_LINGER, 0);
      }
      close();
      end(sent(cause));
    }

    @Override
    public void connected(UpstreamConnection connected, boolean reused) {
      if (result.isDone()) {
        request.release();
        connected.drop();
        return;
      }
      connection = connected;
      sent = true;
      connected.use(this, request.method());
      Channel channel = connected.channel();
      channel.writeAndFlush(request, channel.voidPromise());
    }

    @Override
    public void refused(Throwable cause) {
      request.release();
      end(new Result.NotSent(Reasons.unconnected(cause)));
    }

    @Override
    public void head(HttpResponse head) {
      response = head;
    }

    @Override
    public void body(HttpContent content) {
      int room = most - body.size();
      int length = Math.min(room, content.content().readableBytes());
      whole &= length == content.content().readableBytes();
      byte[] piece = new byte[length];
      content.content().readBytes(piece);
      body.writeBytes(piece);
      boolean last = content instanceof LastHttpContent;
      content.release();
      HttpResponse head = response;
      if (last && head != null) {
        close();
        end(
            new Result.Answered(
                new CapturedAnswer(
                    head.status().code(), head.headers().entries(), body.toByteArray(), whole)));
      }
    }

    @Override
    public void upstreamRead() {}

    @Override
    public void upstreamWritable() {}

    @Override
    public void troubled() {}

    @Override
    public void broken(Throwable cause) {
      if (connection != null) {
        connection.failed();
      }
      close();
      end(sent(cause));
    }

    private Result sent(Throwable cause) {
      String reason = String.valueOf(cause.getMessage());
      boolean untouched = cause instanceof RefusedStream;
      return sent && !untouched ? new Result.Ambiguous(reason) : new Result.NotSent(reason);
    }

    private void close() {
      UpstreamConnection open = connection;
      connection = null;
      if (open != null) {
        open.drop();
      }
    }

    private void end(Result outcome) {
      if (timer != null) {
        timer.cancel(false);
      }
      result.complete(outcome);
    }
  }
}
