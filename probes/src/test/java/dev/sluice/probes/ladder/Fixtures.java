package dev.sluice.probes.ladder;

import dev.sluice.config.Dependency;
import dev.sluice.config.Place;
import dev.sluice.config.Secret;
import dev.sluice.config.Target;
import dev.sluice.config.Tiers;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Vantage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/** Dependencies to climb, and what is read from a climb. */
final class Fixtures {
  static final String PASSWORD = "s3cret-of-the-role";
  static final Place PLACE = new Place("sluice.yaml", 1, 1);
  static final Tiers TIERS =
      new Tiers(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(20));

  private Fixtures() {}

  static Target.Postgres postgres(int port) {
    return postgres("127.0.0.1", port, Target.SslMode.DISABLE);
  }

  static Target.Postgres postgres(String host, int port, Target.SslMode ssl) {
    return new Target.Postgres(host, port, "orders", "probe", new Secret(PASSWORD), ssl);
  }

  static Dependency dependency(Target target) {
    return dependency(target, TIERS, null);
  }

  static Dependency dependency(Target target, Tiers tiers, String query) {
    return new Dependency(
        "orders-db",
        target,
        "vpc",
        tiers,
        Duration.ofSeconds(5),
        query,
        Duration.ofSeconds(60),
        true,
        PLACE);
  }

  static Climb climb(Dependency dependency, ProbeResources resources) {
    Ladder ladder =
        Ladders.of(dependency, Vantage.SHARED, resources, InstantSource.system(), System::nanoTime);
    return Objects.requireNonNull(ladder.climb(true).block(Duration.ofSeconds(30)));
  }

  static Climb climb(Target target, ProbeResources resources) {
    return climb(dependency(target), resources);
  }

  static Sample failed(Climb climb, Rung rung) {
    Sample failed = Objects.requireNonNull(climb.failed(), () -> "all rungs held: " + climb);
    if (failed.rung() != rung) {
      throw new AssertionError("failed at " + failed + ", not at " + rung);
    }
    return failed;
  }

  static List<Rung> rungs(Climb climb) {
    return climb.samples().stream().map(Sample::rung).toList();
  }
}
