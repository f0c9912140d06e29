package dev.sluice.probes.ladder;

import dev.sluice.config.Backend;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.verdict.PoolFigures;
import dev.sluice.probes.verdict.Reach;
import dev.sluice.probes.verdict.Signal;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.NoopAddressResolverGroup;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;

/**
 * Asks a backend for its own health over HTTP/1.1, one connection per question. A backend without a
 * health route is asked only whether it accepts connections: {@code ok} then stands beside status
 * 0.
 */
public final class BackendProbe {
  private static final int MOST_BODY = 64 * 1024;

  /** A health route that waits for a connection of the pool is by then waiting. */
  private static final Duration MEANWHILE = Duration.ofMillis(250);

  private final Backend backend;
  private final Backend.@Nullable HealthProbe health;
  private final ProbeResources resources;
  private final InstantSource clock;
  private String ownToken = "";

  private BackendProbe(Backend backend, ProbeResources resources, InstantSource clock) {
    this.backend = backend;
    this.health = backend.health();
    this.resources = resources;
    this.clock = clock;
  }

  /** A probe of the backend's configured health route. */
  public static BackendProbe of(Backend backend, ProbeResources resources, InstantSource clock) {
    HealthBody.prepare();
    return new BackendProbe(backend, resources, clock);
  }

  /** Shows who asks, by a token in {@code X-Serverless-Authorization}. */
  public BackendProbe showing(Optional<String> token) {
    ownToken = token.orElse("");
    return this;
  }

  /** How long the route file lets a backend take. */
  public static Duration deadline(Backend backend) {
    Backend.HealthProbe health = backend.health();
    return health == null ? backend.connectDeadline() : health.deadline();
  }

  /** Within the deadline of the route file. */
  public Mono<BackendHealth> probe() {
    return probe(deadline(backend));
  }

  /**
   * Emits exactly one report within the limit and never an error: where no answer came, the status
   * is 0 and the text says why. 2xx is ok; redirects are not followed. The body is read by the
   * route's format; one longer than 64 KiB says nothing. All addresses are asked at once, and the
   * best report counts: the data path leaves out an address that fails alone.
   */
  public Mono<BackendHealth> probe(Duration limit) {
    return Mono.defer(
        () -> {
          Sockets sockets = new Sockets(resources.loops());
          return Flux.fromIterable(backend.addresses())
              .flatMap(address -> best(sockets, address, limit))
              .takeUntil(BackendHealth::ok)
              .reduce(BackendProbe::better)
              .doFinally(end -> sockets.closeAll());
        });
  }

  private Mono<BackendHealth> best(Sockets sockets, Backend.Address address, Duration limit) {
    return resources
        .names()
        .resolve(address.host())
        .flatMapIterable(found -> found)
        .flatMap(at -> report(sockets, address, new InetSocketAddress(at, address.port()), limit))
        .takeUntil(BackendHealth::ok)
        .reduce(BackendProbe::better)
        .timeout(
            limit.plus(MEANWHILE).plus(MEANWHILE),
            Mono.error(() -> silent(limit)),
            resources.timer())
        .onErrorResume(failure -> Mono.just(unanswered(failure)));
  }

  /** One that is well, else one that said something, else one that is silent. */
  private static BackendHealth better(BackendHealth one, BackendHealth other) {
    boolean second = other.ok() && !one.ok();
    return second || other.reach().compareTo(one.reach()) < 0 ? other : one;
  }

  private Mono<BackendHealth> report(
      Sockets sockets, Backend.Address address, InetSocketAddress at, Duration limit) {
    return tls()
        .flatMap(
            context ->
                health == null
                    ? connect(sockets, address, at, limit, context.orElse(null))
                    : ask(sockets, address, at, health, limit, context.orElse(null)))
        .timeout(limit, Mono.error(() -> silent(limit)), resources.timer())
        .onErrorResume(failure -> Mono.just(unanswered(failure)))
        .zipWith(pool(sockets, address, at, limit))
        .map(both -> both.getT2().map(both.getT1()::with).orElse(both.getT1()));
  }

  private Mono<Optional<SslContext>> tls() {
    Backend.Tls tls = backend.tls();
    return tls == null ? Mono.just(Optional.empty()) : resources.believing(tls).map(Optional::of);
  }

  private Mono<BackendHealth> connect(
      Sockets sockets,
      Backend.Address address,
      InetSocketAddress at,
      Duration limit,
      @Nullable SslContext tls) {
    return Line.connect(sockets, at, limit)
        .flatMap(
            line ->
                tls == null
                    ? Mono.just(line)
                    : line.secure(tls, resources.blocking(), backend.serverName(address), limit))
        .flatMap(line -> showing(BackendHealth.connected(clock.instant()), line.certificate()));
  }

  private static Mono<BackendHealth> showing(BackendHealth health, Mono<X509Certificate> shown) {
    return shown
        .map(certificate -> health.showing(certificate.getNotAfter().toInstant()))
        .defaultIfEmpty(health);
  }

  private Mono<BackendHealth> ask(
      Sockets sockets,
      Backend.Address address,
      InetSocketAddress at,
      Backend.HealthProbe question,
      Duration limit,
      @Nullable SslContext tls) {
    return client(sockets, address, at, limit, tls)
        .get()
        .uri(question.path())
        .responseConnection((head, line) -> answered(question.format(), head, line))
        .next()
        .switchIfEmpty(Mono.error(() -> RungFailure.unspecific("closed without an answer")));
  }

  private HttpClient client(
      Sockets sockets,
      Backend.Address address,
      InetSocketAddress at,
      Duration limit,
      @Nullable SslContext tls) {
    HttpClient client =
        HttpClient.newConnection()
            // Before runOn, which would otherwise keep a resolver for these sockets for ever.
            .resolver(NoopAddressResolverGroup.INSTANCE)
            .runOn(sockets, false)
            .remoteAddress(() -> at)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) limit.toMillis())
            .headers(h -> h.set(HttpHeaderNames.HOST, address.authority()))
            .headers(h -> h.set(HttpHeaderNames.USER_AGENT, "sluice-probe"))
            .headers(h -> h.set(HttpHeaderNames.CONNECTION, "close"))
            .headers(this::show)
            .disableRetry(true);
    return tls == null ? client : secured(client, tls, address);
  }

  private void show(HttpHeaders headers) {
    if (!ownToken.isEmpty()) {
      headers.set("x-serverless-authorization", "Bearer " + ownToken);
    }
  }

  /** The pool's figures while the health route is asked; none where they cannot be had. */
  private Mono<Optional<PoolFigures>> pool(
      Sockets sockets, Backend.Address address, InetSocketAddress at, Duration limit) {
    Backend.Metrics metrics = backend.metrics();
    if (metrics == null) {
      return Mono.just(Optional.empty());
    }
    return tls()
        .flatMap(
            context ->
                client(sockets, address, at, limit, context.orElse(null))
                    .get()
                    .uri(metrics.path())
                    .response((head, body) -> gathered(body))
                    .next())
        .map(text -> Optional.ofNullable(PoolMetrics.in(text.toString(StandardCharsets.UTF_8))))
        .delaySubscription(MEANWHILE, resources.timer())
        .timeout(limit, Mono.just(Optional.empty()), resources.timer())
        .onErrorReturn(Optional.empty())
        .defaultIfEmpty(Optional.empty());
  }

  /** The client's own TLS would compute on the event loop, and takes names from addresses alone. */
  private HttpClient secured(HttpClient client, SslContext tls, Backend.Address address) {
    String name = backend.serverName(address);
    return client.doOnChannelInit(
        (observer, channel, remote) ->
            channel
                .pipeline()
                .addFirst(
                    TlsHandlers.client(tls, channel, name, address.port(), resources.blocking())));
  }

  private Mono<BackendHealth> answered(
      Backend.Format format, HttpClientResponse head, Connection line) {
    return gathered(line.inbound().receive())
        .map(bytes -> report(format, head.status(), bytes))
        .flatMap(health -> showing(health, Line.certificate(line.channel())));
  }

  private static Mono<ByteArrayOutputStream> gathered(ByteBufFlux body) {
    ByteArrayOutputStream gathered = new ByteArrayOutputStream();
    return body.asByteArray()
        .doOnNext(part -> keep(gathered, part))
        .takeUntil(part -> gathered.size() >= MOST_BODY)
        .then(Mono.just(gathered));
  }

  private static void keep(ByteArrayOutputStream gathered, byte[] part) {
    gathered.write(part, 0, Math.min(part.length, MOST_BODY - gathered.size()));
  }

  private BackendHealth report(
      Backend.Format format, HttpResponseStatus status, ByteArrayOutputStream gathered) {
    Backend.HealthProbe probe = backend.health();
    Set<String> mapped = probe == null ? Set.of() : probe.map().keySet();
    HealthBody body = HealthBody.read(format, gathered.toByteArray(), backend.dependsOn(), mapped);
    StringBuilder text = new StringBuilder(status.toString());
    body.complaints().forEach(complaint -> text.append("; ").append(complaint));
    return BackendHealth.answered(
            clock.instant(), status.code(), text.toString(), body.complaints(), body.pool())
        .of(body.revision())
        .saying(body.status());
  }

  private BackendHealth unanswered(Throwable thrown) {
    Throwable outer = Exceptions.unwrap(thrown);
    Throwable cause = outer instanceof DecoderException ? outer.getCause() : null;
    Throwable failure = cause == null ? outer : cause;
    String text =
        failure instanceof RungFailure f
            ? f.text()
            : Symptoms.name(failure) + ": " + failure.getMessage();
    boolean refused = Signal.REFUSED.equals(Symptoms.signal(failure));
    return BackendHealth.unanswered(clock.instant(), refused ? Reach.REFUSED : Reach.SILENT, text);
  }

  private static RungFailure silent(Duration limit) {
    return RungFailure.unspecific("no answer within " + limit.toMillis() + " ms");
  }
}
