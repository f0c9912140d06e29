package dev.sluice.gateway.admin;

import dev.sluice.config.Admin;
import dev.sluice.gateway.identity.Operators;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * Serves the admin port on a thread of its own, apart from the data path. GET is open, POST and
 * DELETE need an operator. Errors are problem+json (RFC 9457); a question that takes longer than 5
 * s is answered 503.
 */
public final class AdminServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.admin");
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration IDLE = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(2);

  private final LoopResources loops;
  private final DisposableServer server;

  private AdminServer(LoopResources loops, DisposableServer server) {
    this.loops = loops;
    this.server = server;
  }

  /**
   * Listens on the host and port of the configuration; returns once it does.
   *
   * @param operators who they are; null for the bearers of the token
   * @throws IllegalStateException with one sentence when the port cannot be had
   */
  public static AdminServer start(
      Admin admin, AdminSources sources, @Nullable Operators operators) {
    LivePage page = new LivePage();
    Admission admission = new Admission(admin.token(), admin.agentToken(), operators);
    AdminDesk desk = new AdminDesk(sources, admission, page);
    LiveEvents events = new LiveEvents(sources);
    LoopResources loops = LoopResources.create("sluice-admin", 1, 1, true, false);
    Scheduler loop = Schedulers.fromExecutor(loops.onServer(false));
    try {
      DisposableServer server =
          HttpServer.create()
              .runOn(loops, false)
              .host(admin.host())
              .port(admin.port())
              .idleTimeout(IDLE)
              .requestTimeout(DEADLINE)
              .handle(
                  (request, response) ->
                      listens(request) && events.takes()
                          ? events.serve(response)
                          : serve(desk, loop, request, response))
              .bindNow(DEADLINE);
      return new AdminServer(loops, server);
    } catch (RuntimeException e) {
      loops.dispose();
      throw new IllegalStateException(
          "The admin port " + admin.host() + ":" + admin.port() + " cannot be opened", e);
    }
  }

  /** The port that the system chose, or the configured one. */
  public int port() {
    return server.port();
  }

  /** Stops listening; what is being answered has 2 s to end. */
  @Override
  public void close() {
    server.disposeNow(STOP);
    loops.disposeLater(Duration.ZERO, STOP).block(STOP.plus(STOP));
  }

  /**
   * Answers are written on the connection's own thread, whichever thread they are known on: where
   * one was written from another thread, Reactor Netty 1.3 now and then never read the next
   * request.
   */
  private static Mono<Void> serve(
      AdminDesk desk, Scheduler loop, HttpServerRequest request, HttpServerResponse response) {
    return Mono.defer(() -> desk.answer(question(request)))
        .timeout(DEADLINE)
        .onErrorResume(AdminServer::failure)
        .publishOn(loop)
        .flatMap(reply -> send(reply, request, response));
  }

  private static boolean listens(HttpServerRequest request) {
    return request.method().name().equals("GET") && request.fullPath().equals(LiveEvents.PATH);
  }

  private static AdminDesk.Question question(HttpServerRequest request) {
    Map<String, String> query = new HashMap<>();
    new QueryStringDecoder(request.uri())
        .parameters()
        .forEach((name, values) -> query.put(name, values.get(0)));
    return new AdminDesk.Question(
        request.method().name(),
        request.fullPath(),
        query,
        request.requestHeaders()::get,
        length(request.requestHeaders().get(HttpHeaderNames.CONTENT_LENGTH)),
        Mono.defer(() -> request.receive().aggregate().asByteArray()).defaultIfEmpty(new byte[0]));
  }

  private static long length(@Nullable String header) {
    return header != null && header.matches("[0-9]{1,18}") ? Long.parseLong(header) : -1;
  }

  private static Mono<Reply> failure(Throwable cause) {
    if (cause instanceof TimeoutException) {
      return Mono.just(Reply.problem(503, "No answer in time", "The store did not answer in 5 s."));
    }
    if (cause instanceof IllegalArgumentException) {
      return Mono.just(Reply.problem(400, "The request is not understood", "Check its query."));
    }
    LOG.error("the admin port failed to answer", cause);
    return Mono.just(Reply.problem(500, "The answer failed", "The gateway's log says why."));
  }

  private static Mono<Void> send(
      Reply reply, HttpServerRequest request, HttpServerResponse response) {
    response
        .status(reply.status())
        .header(HttpHeaderNames.CONTENT_TYPE, reply.contentType())
        .header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(reply.body().length))
        .header(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .header("X-Content-Type-Options", "nosniff")
        .header(LivePage.POLICY, "default-src 'none'");
    reply.headers().forEach(response::header);
    return request.method().name().equals("HEAD")
        ? response.send().then()
        : response.sendByteArray(Mono.just(reply.body())).then();
  }
}
