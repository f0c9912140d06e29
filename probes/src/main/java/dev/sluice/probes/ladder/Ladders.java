package dev.sluice.probes.ladder;

import dev.sluice.config.Control;
import dev.sluice.config.Dependency;
import dev.sluice.config.Target;
import dev.sluice.config.Tiers;
import dev.sluice.probes.verdict.Vantage;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Builds the ladder that fits a target. Nothing is opened until a ladder is climbed. */
public final class Ladders {
  private static final Tiers CONTROL_TIERS =
      new Tiers(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(20));

  private Ladders() {}

  /**
   * The ladder of a dependency.
   *
   * @param vantage from where the climbs are made; every sample carries it
   * @param clock stamps the climbs
   * @param nanos times the rungs
   */
  public static Ladder of(
      Dependency dependency,
      Vantage vantage,
      ProbeResources resources,
      InstantSource clock,
      LongSupplier nanos) {
    Target target = dependency.target();
    Function<Sockets, Way> ways =
        sockets ->
            way(target, dependency.fullQuery(), dependency.tiers().full(), resources, sockets);
    return new Climber(
        dependency.id(),
        vantage,
        dependency.tiers(),
        () -> new Sockets(resources.loops(), () -> loop(target, resources)),
        ways,
        new Symptoms(redaction(target)),
        resources,
        clock,
        nanos);
  }

  /** The ladder of a control; it has no full tier. */
  public static Ladder control(
      Control control,
      Vantage vantage,
      ProbeResources resources,
      InstantSource clock,
      LongSupplier nanos) {
    Target target = control.target();
    Function<Sockets, Way> ways =
        sockets -> way(target, null, CONTROL_TIERS.full(), resources, sockets);
    return new Climber(
        control.id(),
        vantage,
        CONTROL_TIERS,
        () -> new Sockets(resources.loops(), () -> loop(target, resources)),
        ways,
        new Symptoms(redaction(target)),
        resources,
        clock,
        nanos);
  }

  /** Where a session of the PostgreSQL driver runs. */
  private static EventLoopGroup loop(Target target, ProbeResources resources) {
    boolean local = target instanceof Target.Postgres p && p.socket() != null;
    return (local ? resources.localSessions() : resources.sessions()).next();
  }

  private static Way way(
      Target target,
      @Nullable String query,
      Duration full,
      ProbeResources resources,
      Sockets sockets) {
    if (target instanceof Target.Postgres p) {
      return new PostgresWay(p, query, full, resources, sockets);
    } else if (target instanceof Target.Redis r) {
      return new RedisWay(r, resources, sockets);
    } else if (target instanceof Target.Http h) {
      return new WebWay(h.url(), resources, sockets);
    }
    Target.Tcp tcp = (Target.Tcp) target;
    Footing footing = new Footing(resources, sockets, tcp.host(), tcp.port());
    return ignored -> footing.steps();
  }

  private static Redaction redaction(Target target) {
    if (target instanceof Target.Redis r) {
      return Redaction.of(r);
    }
    return target instanceof Target.Postgres p ? Redaction.of(p) : Redaction.NONE;
  }
}
