package dev.sluice.probes.ladder;

import dev.sluice.config.Target;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sessions;
import dev.sluice.probes.verdict.Signal;
import io.r2dbc.spi.R2dbcException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The rungs to a PostgreSQL server: DNS, TCP, TLS and the StartupMessage by our own client, because
 * the driver hangs and leaks where a server accepts and stays silent; then one session of the
 * driver for all that needs a login.
 */
final class PostgresWay implements Way {
  private static final Duration HANDSHAKE = Duration.ofMillis(1_200);
  private static final Duration SESSION = Duration.ofMillis(1_500);
  private static final Duration LOCK = Duration.ofSeconds(1);

  private final Target.Postgres target;
  private final @Nullable String query;
  private final Duration full;
  private final ProbeResources resources;
  private final Sockets sockets;
  private final Footing footing;
  private Mono<PostgresSession> session = Mono.empty();
  private @Nullable RungFailure refusal;
  private @Nullable Sessions sessions;

  PostgresWay(
      Target.Postgres target,
      @Nullable String query,
      Duration full,
      ProbeResources resources,
      Sockets sockets) {
    this.target = target;
    this.query = query;
    this.full = full;
    this.resources = resources;
    this.sockets = sockets;
    footing = new Footing(resources, sockets, target.host(), target.port(), target.socket());
  }

  @Override
  public List<Step> steps(boolean fullTier) {
    List<Step> steps = new ArrayList<>(footing.steps());
    if (target.ssl() != Target.SslMode.DISABLE) {
      steps.add(new Step(Rung.TLS, HANDSHAKE, this::tls));
    }
    steps.add(new Step(Rung.STARTUP, HANDSHAKE, this::startup));
    steps.add(new Step(Rung.AUTHENTICATION, SESSION, this::authenticate));
    steps.add(new Step(Rung.SELECT_ONE, SESSION, l -> inSession(PostgresSession::selectOne)));
    steps.add(new Step(Rung.RECOVERY, SESSION, l -> inSession(PostgresSession::writable)));
    if (fullTier) {
      steps.add(new Step(Rung.SESSIONS, SESSION, l -> countSessions()));
    }
    if (fullTier && query != null) {
      String sql = query;
      steps.add(new Step(Rung.FULL_QUERY, full, limit -> fullQuery(sql, limit)));
    }
    return steps;
  }

  @Override
  public Mono<Void> leave() {
    return session.flatMap(PostgresSession::close);
  }

  /** Silence or an end before the answer proves no TLS fault: that is told of STARTUP. */
  private Mono<Note> tls(Duration limit) {
    return footing
        .line()
        .flatMap(
            line ->
                line.exchange(PostgresWire.sslRequest(), PostgresWire::sslAnswer)
                    .timeout(limit.minus(limit.dividedBy(20)), unanswered(limit), timer())
                    .onErrorMap(failure -> RungFailure.at(Rung.STARTUP, failure))
                    .flatMap(offered -> offered ? handshake(line, limit) : plain()));
  }

  private Mono<Note> handshake(Line line, Duration limit) {
    return resources
        .verifying(target)
        .flatMap(tls -> line.secure(tls, resources.blocking(), target.host(), limit))
        .flatMap(Line::certificate)
        .flatMap(shown -> Validity.judged(shown, target.ssl().verifies()));
  }

  private Mono<Note> plain() {
    return target.ssl().demands()
        ? Mono.error(
            RungFailure.signal(Signal.NO_TLS, "The server offers no TLS; sslmode demands it."))
        : Mono.just(Note.message("The server offers no TLS; sslmode prefer goes on without."));
  }

  private Mono<Note> startup(Duration limit) {
    byte[] message = PostgresWire.startup(target.user(), target.database());
    return footing
        .line()
        .flatMap(
            line ->
                line.exchange(message, PostgresWire::greeting)
                    .flatMap(greeting -> greeted(greeting.refusal()))
                    .doOnSuccess(note -> line.close()));
  }

  /** A refused login is an answer: the rung holds, and the next one fails with it. */
  private Mono<Note> greeted(@Nullable RungFailure refused) {
    if (refused == null) {
      return Mono.empty();
    }
    String state = String.valueOf(refused.sqlState());
    if (state.startsWith("28") || state.equals("3D000")) {
      refusal = refused;
      return Mono.empty();
    }
    return Mono.error(refused);
  }

  private Mono<Note> authenticate(Duration limit) {
    if (refusal != null) {
      return Mono.error(refusal);
    }
    Mono<PostgresSession> open =
        target.socket() != null
            ? resources.driver().then(resources.epoll()).flatMap(there -> local(there, limit))
            : Mono.zip(footing.address(), resources.authorities(target), resources.driver())
                .flatMap(
                    to -> PostgresSession.open(target, to.getT1(), to.getT2(), sockets, limit));
    return open.doOnNext(opened -> session = Mono.just(opened)).then(Mono.empty());
  }

  private Mono<PostgresSession> local(boolean epoll, Duration limit) {
    return epoll
        ? PostgresSession.local(target, sockets, limit)
        : Mono.error(
            RungFailure.unspecific("A login by a socket's file needs epoll, so Linux on x86-64."));
  }

  @Override
  public @Nullable Sessions sessions() {
    return sessions;
  }

  /** A server that does not tell is no fault. */
  private Mono<Note> countSessions() {
    return session
        .flatMap(PostgresSession::sessions)
        .doOnNext(found -> sessions = found)
        .map(found -> Note.message(found.toString()))
        .onErrorResume(
            R2dbcException.class,
            refused -> Mono.just(Note.message("not told: " + refused.getMessage())));
  }

  private Mono<Note> fullQuery(String sql, Duration limit) {
    Duration statement = limit.minus(limit.dividedBy(10));
    // Told apart from a slow query only where the lock's time is over first.
    Duration half = statement.dividedBy(2);
    Duration lock = half.compareTo(LOCK) < 0 ? half : LOCK;
    return inSession(s -> s.query(sql, statement, lock));
  }

  private Mono<Note> inSession(Function<PostgresSession, Mono<Void>> exchange) {
    return session.flatMap(exchange).then(Mono.empty());
  }

  private static <T> Mono<T> unanswered(Duration limit) {
    return Mono.error(
        () ->
            RungFailure.signal(
                Signal.SILENT, "No answer to the SSLRequest within " + limit.toMillis() + " ms."));
  }

  private Scheduler timer() {
    return resources.timer();
  }
}
