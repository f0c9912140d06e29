package dev.sluice.probes.ladder;

import dev.sluice.config.Backend;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.verdict.Reach;
import dev.sluice.probes.verdict.Signal;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.resolver.NoopAddressResolverGroup;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;

/**
 * Asks a backend for its own health over plain HTTP/1.1, one connection per question. A backend
 * without a health route is asked only whether it accepts connections: {@code ok} then stands
 * beside status 0.
 */
public final class BackendProbe {
  private static final int MOST_BODY = 64 * 1024;

  private final Backend backend;
  private final ProbeResources resources;
  private final InstantSource clock;

  private BackendProbe(Backend backend, ProbeResources resources, InstantSource clock) {
    this.backend = backend;
    this.resources = resources;
    this.clock = clock;
  }

  /** A probe of the backend's configured health route. */
  public static BackendProbe of(Backend backend, ProbeResources resources, InstantSource clock) {
    HealthBody.prepare();
    return new BackendProbe(backend, resources, clock);
  }

  /**
   * Emits exactly one report within the probe's deadline and never an error: where no answer came,
   * the status is 0 and the text says why. 2xx is ok; redirects are not followed. The body is read
   * by the route's format; one longer than 64 KiB says nothing.
   */
  public Mono<BackendHealth> probe() {
    Backend.HealthProbe health = backend.health();
    Duration limit = health == null ? backend.connectDeadline() : health.deadline();
    return Mono.defer(
        () -> {
          Sockets sockets = new Sockets(resources.loops());
          return Mono.defer(() -> health == null ? connect(sockets, limit) : ask(sockets, health))
              .timeout(limit, Mono.error(() -> silent(limit)), resources.timer())
              .onErrorResume(failure -> Mono.just(unanswered(failure)))
              .doFinally(end -> sockets.closeAll());
        });
  }

  private Mono<BackendHealth> connect(Sockets sockets, Duration limit) {
    return resources
        .names()
        .resolve(backend.address().host())
        .flatMap(
            found ->
                Line.connect(
                    sockets, new InetSocketAddress(found.get(0), backend.address().port()), limit))
        .map(line -> BackendHealth.connected(clock.instant()));
  }

  private Mono<BackendHealth> ask(Sockets sockets, Backend.HealthProbe health) {
    return resources
        .names()
        .resolve(backend.address().host())
        .flatMap(found -> ask(sockets, health, found))
        .switchIfEmpty(Mono.error(() -> RungFailure.unspecific("closed without an answer")));
  }

  private Mono<BackendHealth> ask(
      Sockets sockets, Backend.HealthProbe health, List<InetAddress> found) {
    return HttpClient.newConnection()
        // Before runOn, which would otherwise keep a resolver for these sockets for ever.
        .resolver(NoopAddressResolverGroup.INSTANCE)
        .runOn(sockets, false)
        .remoteAddress(() -> new InetSocketAddress(found.get(0), backend.address().port()))
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) health.deadline().toMillis())
        .headers(h -> h.set(HttpHeaderNames.HOST, backend.address().authority()))
        .headers(h -> h.set(HttpHeaderNames.USER_AGENT, "sluice-probe"))
        .headers(h -> h.set(HttpHeaderNames.CONNECTION, "close"))
        .disableRetry(true)
        .get()
        .uri(health.path())
        .response((head, body) -> answered(health.format(), head, body))
        .next();
  }

  private Mono<BackendHealth> answered(
      Backend.Format format, HttpClientResponse head, ByteBufFlux body) {
    ByteArrayOutputStream gathered = new ByteArrayOutputStream();
    return body.asByteArray()
        .doOnNext(part -> keep(gathered, part))
        .takeUntil(part -> gathered.size() >= MOST_BODY)
        .then(Mono.fromSupplier(() -> report(format, head.status(), gathered)));
  }

  private static void keep(ByteArrayOutputStream gathered, byte[] part) {
    gathered.write(part, 0, Math.min(part.length, MOST_BODY - gathered.size()));
  }

  private BackendHealth report(
      Backend.Format format, HttpResponseStatus status, ByteArrayOutputStream gathered) {
    HealthBody body = HealthBody.read(format, gathered.toByteArray(), backend.dependsOn());
    StringBuilder text = new StringBuilder(status.toString());
    body.complaints().forEach(complaint -> text.append("; ").append(complaint));
    return BackendHealth.answered(
        clock.instant(), status.code(), text.toString(), body.complaints(), body.pool());
  }

  private BackendHealth unanswered(Throwable thrown) {
    Throwable failure = Exceptions.unwrap(thrown);
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
