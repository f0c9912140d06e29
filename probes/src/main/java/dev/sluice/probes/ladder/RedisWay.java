package dev.sluice.probes.ladder;

import dev.sluice.config.Secret;
import dev.sluice.config.Target;
import dev.sluice.probes.verdict.Rung;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/** The rungs to a Redis server; one connection for all of them. */
final class RedisWay implements Way {
  private static final Duration EACH = Duration.ofMillis(1_500);

  private final Target.Redis target;
  private final ProbeResources resources;
  private final Footing footing;

  RedisWay(Target.Redis target, ProbeResources resources, Sockets sockets) {
    this.target = target;
    this.resources = resources;
    footing = new Footing(resources, sockets, target.host(), target.port());
  }

  @Override
  public List<Step> steps(boolean full) {
    List<Step> steps = new ArrayList<>(footing.steps());
    if (target.tls()) {
      steps.add(new Step(Rung.TLS, EACH, this::tls));
    }
    Secret password = target.password();
    if (password != null) {
      steps.add(new Step(Rung.AUTHENTICATION, EACH, limit -> login(password)));
    }
    steps.add(new Step(Rung.PING, EACH, limit -> ping()));
    return steps;
  }

  private Mono<Note> tls(Duration limit) {
    return Mono.zip(resources.verifying(), footing.line())
        .flatMap(
            both -> both.getT2().secure(both.getT1(), resources.blocking(), target.host(), limit))
        .flatMap(Line::certificate)
        .flatMap(shown -> Validity.judged(shown, true));
  }

  private Mono<Note> login(Secret password) {
    String user = target.user();
    byte[] command =
        user == null
            ? RedisWire.command("AUTH", password.reveal())
            : RedisWire.command("AUTH", user, password.reveal());
    return footing
        .line()
        .flatMap(line -> line.exchange(command, RedisWire::reply))
        .then(Mono.empty());
  }

  private Mono<Note> ping() {
    return footing
        .line()
        .flatMap(line -> line.exchange(RedisWire.command("PING"), RedisWire::reply))
        .then(Mono.empty());
  }
}
