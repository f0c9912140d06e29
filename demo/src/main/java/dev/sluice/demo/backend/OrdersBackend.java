package dev.sluice.demo.backend;

import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.r2dbc.spi.R2dbcException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import reactor.util.retry.Retry;

/**
 * Orders over HTTP on 127.0.0.1: {@code GET} and {@code POST /api/orders}; {@code GET}, {@code PUT}
 * and {@code DELETE /api/orders/{id}}; {@code /health} in Actuator's shape, 503 with the error's
 * text while the database is away; {@code /metrics} with the pool's figures. Every answer carries
 * {@code X-Application: orders}.
 *
 * <p>It listens at once, whatever the database does, and makes its tables as soon as it first
 * reaches the database, never after that: a table dropped later is an application's fault and stays
 * one. A write with an {@code Idempotency-Key} applies once. Every answer comes within three
 * seconds.
 */
public final class OrdersBackend implements AutoCloseable {
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final Database database;
  private final Orders orders;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

  /** Where it is started again, a client's socket may have its port for a moment. */
  private static final Retry TAKEN =
      Retry.fixedDelay(20, Duration.ofMillis(100))
          .filter(ChannelBindException.class::isInstance)
          .onRetryExhaustedThrow((spec, signal) -> signal.failure());

  private final DisposableServer server;
  private final Disposable preparing;
  private volatile boolean buggy;

  private OrdersBackend(int port, String r2dbcUrl) {
    this.database = new Database(r2dbcUrl);
    this.orders = new Orders(database);
    this.server =
        Objects.requireNonNull(
            HttpServer.create()
                .host("127.0.0.1")
                .port(port)
                .channelGroup(connections)
                .idleTimeout(Duration.ofMinutes(1))
                .readTimeout(Duration.ofSeconds(5))
                .route(this::routes)
                .bind()
                .retryWhen(TAKEN)
                .block(CLOSING));
    this.preparing =
        orders
            .prepare()
            .retryWhen(
                Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(100))
                    .maxBackoff(Duration.ofSeconds(1)))
            .subscribe();
  }

  /** Starts the backend; port 0 leaves the choice to the system. */
  public static OrdersBackend start(int port, String r2dbcUrl) {
    return new OrdersBackend(port, r2dbcUrl);
  }

  public int port() {
    return server.port();
  }

  /** How often the connection pool has been replaced because it hung. */
  public int poolRebuilds() {
    return database.rebuilds();
  }

  /** How many connections to the database the pool holds now, idle ones included. */
  public int poolSize() {
    return database.metrics().allocatedSize();
  }

  /** A bug of its own: every order is answered with 500, whatever the database does. */
  public void buggy(boolean is) {
    buggy = is;
  }

  /** Every connection is taken and none given back, until the backend ends. */
  public void leak() {
    database.leak();
  }

  /** Of so many uses of a connection one is never given back; 0: none. */
  public void leakOneIn(int uses) {
    database.leakOneIn(uses);
  }

  @Override
  public void close() {
    preparing.dispose();
    server.channel().close().awaitUninterruptibly(CLOSING.toMillis());
    // Clients would go on talking to the ended backend over connections kept alive.
    connections.close().awaitUninterruptibly(CLOSING.toMillis());
    server.disposeNow(CLOSING);
    database.close();
  }

  private void routes(HttpServerRoutes routes) {
    routes
        .get("/health", (in, out) -> answer(out, HealthReport.of(database)))
        .get("/metrics", (in, out) -> PoolFigures.send(out, database))
        .get("/api/orders", (in, out) -> served(out, orders.list()))
        .get("/api/orders/{id}", (in, out) -> served(out, withId(in, orders::find)))
        .post("/api/orders", (in, out) -> served(out, Bodies.read(in).flatMap(b -> post(in, b))))
        .put("/api/orders/{id}", (in, out) -> served(out, Bodies.read(in).flatMap(b -> put(in, b))))
        .delete(
            "/api/orders/{id}",
            (in, out) -> served(out, withId(in, id -> orders.delete(id, key(in, new byte[0])))));
  }

  private Mono<Reply> post(HttpServerRequest in, byte[] body) {
    return withOrder(body, order -> orders.create(order, key(in, body)));
  }

  private Mono<Reply> put(HttpServerRequest in, byte[] body) {
    return withId(in, id -> withOrder(body, order -> orders.replace(id, order, key(in, body))));
  }

  private static Mono<Reply> withOrder(byte[] body, Function<Order, Mono<Reply>> use) {
    Optional<Order> order = Order.read(body);
    return order.isPresent()
        ? use.apply(order.get())
        : Mono.just(Reply.problem(400, "An order is {\"item\": \"tea\", \"quantity\": 2}"));
  }

  private static Mono<Reply> withId(HttpServerRequest in, Function<Long, Mono<Reply>> use) {
    String id = String.valueOf(in.param("id"));
    return id.matches("[0-9]{1,18}")
        ? use.apply(Long.parseLong(id))
        : Mono.just(Reply.problem(404, "There is no order " + id));
  }

  private static WriteKey key(HttpServerRequest in, byte[] body) {
    @Nullable String value = in.requestHeaders().get("Idempotency-Key");
    String text = new String(body, StandardCharsets.UTF_8);
    return new WriteKey(value, in.method() + " " + in.uri() + " " + text);
  }

  private Publisher<Void> served(HttpServerResponse out, Mono<Reply> work) {
    return answer(out, buggy ? Mono.error(new IllegalStateException("total of null")) : work);
  }

  private static Publisher<Void> answer(HttpServerResponse out, Mono<Reply> work) {
    return Mono.defer(
        () -> {
          long begun = System.nanoTime();
          return work.onErrorResume(error -> Mono.just(failure(error, millis(begun))))
              .flatMap(reply -> send(out, reply));
        });
  }

  private static Mono<Void> send(HttpServerResponse out, Reply reply) {
    out.status(reply.status()).header("X-Application", "orders");
    reply.headers().forEach(out::header);
    if (reply.status() == 204) {
      return out.send();
    }
    return out.header("Content-Type", "application/json")
        .sendByteArray(Mono.just(reply.body().getBytes(StandardCharsets.UTF_8)))
        .then();
  }

  /** A statement that the database refused is this backend's own fault; the rest is not its. */
  private static Reply failure(Throwable error, long millis) {
    if (error instanceof Bodies.TooLarge) {
      return Reply.problem(413, "An order has at most " + Bodies.LIMIT + " bytes");
    }
    String state = error instanceof R2dbcException known ? known.getSqlState() : null;
    boolean own =
        error instanceof IllegalStateException
            || (state != null && (state.startsWith("42") || state.startsWith("23")));
    Reply reply = Reply.problem(own ? 500 : 503, HealthReport.text(error));
    String told = Testimony.of(error, millis);
    return told == null ? reply : reply.with(Testimony.HEADER, told);
  }

  private static long millis(long begun) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
  }
}
