package dev.sluice.probes.breaker;

import dev.sluice.config.Admin;
import dev.sluice.config.Backend;
import dev.sluice.config.Breaker;
import dev.sluice.config.Configuration;
import dev.sluice.config.Control;
import dev.sluice.config.Dependency;
import dev.sluice.config.Enforcement;
import dev.sluice.config.Health;
import dev.sluice.config.Listen;
import dev.sluice.config.Network;
import dev.sluice.config.Operation;
import dev.sluice.config.Place;
import dev.sluice.config.Resolver;
import dev.sluice.config.Target;
import dev.sluice.config.Tiers;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Configurations for tests: one backend, and dependencies on the network vpc. */
public final class Settings {
  private static final Place PLACE = new Place("test.yaml", 1, 1);

  private Settings() {}

  /** Three failures open; three climbs and three calls close; one control on the network. */
  public static Configuration of(String backendHost, Dependency... dependencies) {
    Backend.HealthProbe health =
        new Backend.HealthProbe(
            "/health", Backend.Format.STATUS, Duration.ofSeconds(5), Duration.ofSeconds(1));
    Duration second = Duration.ofSeconds(1);
    Backend backend =
        new Backend(
            "orders",
            List.of(new Backend.Address(backendHost, 8081)),
            null,
            List.of(dependencies).stream().map(Dependency::id).toList(),
            Map.of(),
            health,
            null,
            second,
            second,
            second,
            new Backend.Pool(8, second, Duration.ofMinutes(1)),
            Backend.Concurrency.DEFAULT,
            null,
            false,
            null,
            "X-Application",
            PLACE);
    Listen listen =
        new Listen(
            "127.0.0.1",
            0,
            Listen.Transport.NIO,
            1,
            second,
            second,
            second,
            1,
            second,
            second,
            second,
            8192,
            8192,
            1 << 20,
            100,
            1 << 20,
            null,
            List.of(),
            false,
            true,
            null);
    return new Configuration(
        "test",
        Enforcement.ENFORCE,
        listen,
        new Admin("127.0.0.1", 0, null, null, false),
        null,
        new Health("/health", Health.WhenDegraded.PASS, Health.Probing.AUTO),
        breaker(3, Duration.ofSeconds(30), 3, 3),
        1 << 20,
        Resolver.SYSTEM,
        List.of(dependencies),
        List.of(new Network("vpc", Network.Kind.VPC_CONNECTOR, null, PLACE)),
        List.of(
            new Control(
                "host", new Target.Tcp("127.0.0.1", 9), "vpc", Duration.ofSeconds(5), PLACE)),
        List.of(backend),
        List.of(),
        Operation.NONE);
  }

  /** The same with other backends. */
  public static Configuration with(Configuration c, Backend... backends) {
    return new Configuration(
        c.environment(),
        c.mode(),
        c.listen(),
        c.admin(),
        c.store(),
        c.health(),
        c.breaker(),
        c.cacheBytes(),
        c.resolver(),
        c.dependencies(),
        c.networks(),
        c.controls(),
        List.of(backends),
        c.routes(),
        c.operation());
  }

  /** The same with probes at other times. */
  public static Configuration with(Configuration c, Health.Probing probing) {
    return new Configuration(
        c.environment(),
        c.mode(),
        c.listen(),
        c.admin(),
        c.store(),
        new Health(c.health().base(), c.health().whenDegraded(), probing),
        c.breaker(),
        c.cacheBytes(),
        c.resolver(),
        c.dependencies(),
        c.networks(),
        c.controls(),
        c.backends(),
        c.routes(),
        c.operation());
  }

  /** The same under another name, with other needs. */
  public static Backend needing(Backend b, String id, List<String> dependsOn) {
    return new Backend(
        id,
        b.addresses(),
        b.tls(),
        dependsOn,
        Map.of(),
        b.health(),
        b.metrics(),
        b.connectDeadline(),
        b.responseDeadline(),
        b.idleDeadline(),
        b.pool(),
        b.concurrency(),
        b.onBehalfOfKey(),
        b.http2(),
        b.auth(),
        b.markerHeader(),
        b.place());
  }

  /** A dependency climbed every five seconds. */
  public static Dependency dependency(String id, boolean required) {
    Target target =
        new Target.Postgres("127.0.0.1", 5432, "orders", "probe", null, Target.SslMode.DISABLE);
    Duration five = Duration.ofSeconds(5);
    return new Dependency(
        id,
        target,
        "vpc",
        new Tiers(five, five, five),
        five,
        "select 1",
        Duration.ofSeconds(60),
        required,
        PLACE);
  }

  /** The same with another breaker. */
  public static Configuration with(Configuration c, Breaker breaker) {
    return with(c, c.dependencies(), c.controls(), breaker);
  }

  /** The same with other dependencies, controls and another breaker. */
  public static Configuration with(
      Configuration c, List<Dependency> dependencies, List<Control> controls, Breaker breaker) {
    return new Configuration(
        c.environment(),
        c.mode(),
        c.listen(),
        c.admin(),
        c.store(),
        c.health(),
        breaker,
        c.cacheBytes(),
        c.resolver(),
        dependencies,
        c.networks(),
        controls,
        c.backends(),
        c.routes(),
        c.operation());
  }

  /** Without a gradual return and without learning. */
  public static Breaker breaker(
      int failures, Duration retryAfter, int trialClimbs, int trialCalls) {
    return new Breaker(
        failures,
        retryAfter,
        trialClimbs,
        trialCalls,
        Duration.ZERO,
        new Breaker.Learning(Breaker.LearningMode.OFF, failures, failures, retryAfter, retryAfter));
  }
}
