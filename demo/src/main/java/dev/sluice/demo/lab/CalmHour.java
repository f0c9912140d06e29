package dev.sluice.demo.lab;

import dev.sluice.config.Alerts;
import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Control;
import dev.sluice.config.Dependency;
import dev.sluice.gateway.alerts.Alarm;
import dev.sluice.gateway.alerts.Alarms;
import dev.sluice.gateway.alerts.AlertBook;
import dev.sluice.gateway.alerts.Message;
import dev.sluice.gateway.alerts.Served;
import dev.sluice.gateway.alerts.Signs;
import dev.sluice.probes.ladder.Ladder;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.monitor.Monitor;
import dev.sluice.probes.monitor.MonitorListener;
import dev.sluice.probes.monitor.Probing;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Reach;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Signal;
import dev.sluice.probes.verdict.Vantage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Simulated time in which nothing is broken but what always is: now and then a climb meets a lost
 * packet twice, or a reset, and fails, the backend is deployed anew each hour, and once the process
 * is frozen for eight seconds.
 */
final class CalmHour implements Probing {
  private static final int ONE_IN = 200;
  private static final int ONE_IN_OF_A_DAY = 100;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DEPLOY = Duration.ofMinutes(20);
  private static final Duration DEPLOY_LASTS = Duration.ofSeconds(2);
  private static final Duration FREEZE = Duration.ofMinutes(40);
  private static final Duration FREEZE_LASTS = Duration.ofSeconds(8);

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final SplittableRandom random;
  private final List<String> alarms = new ArrayList<>();
  private final int oneIn;
  private volatile @Nullable Posture latest;
  private long frozen;

  private CalmHour(long seed, int oneIn) {
    this.oneIn = oneIn;
    random = new SplittableRandom(seed);
  }

  /** The false alarms of an hour: who was blamed for what. The same seed gives the same hour. */
  static List<String> alarms(Configuration configuration, long seed) {
    return new CalmHour(seed, ONE_IN).pass(configuration);
  }

  /** What teams are told in a day in which one climb in a hundred fails. */
  static List<Message> messages(Configuration configuration, long seed) {
    return new CalmHour(seed, ONE_IN_OF_A_DAY).watch(configuration);
  }

  private List<Message> watch(Configuration configuration) {
    List<Message> told = new ArrayList<>();
    AlertBook book = new AlertBook();
    try (Monitor monitor = monitor(configuration)) {
      monitor.start();
      for (long second = 0; second < DAY.toSeconds(); second++) {
        time.advanceTimeBy(SECOND);
        frozen = second == FREEZE.toSeconds() ? FREEZE_LASTS.toNanos() : frozen;
        Posture now = latest;
        if (now != null) {
          Instant at = instant();
          List<Alarm> wrong = Alarms.of(configuration, now, Signs.NONE, at);
          Alerts rules = configuration.operation().alerts();
          told.addAll(book.step(at, wrong, Alarms.unknown(now), rules, Served.NOTHING));
        }
      }
    }
    return told;
  }

  private List<String> pass(Configuration configuration) {
    try (Monitor monitor = monitor(configuration)) {
      monitor.start();
      time.advanceTimeBy(FREEZE);
      frozen = FREEZE_LASTS.toNanos();
      time.advanceTimeBy(HOUR.minus(FREEZE));
      return List.copyOf(alarms);
    }
  }

  private Monitor monitor(Configuration configuration) {
    return new Monitor(
        configuration,
        this::instant,
        this::nanos,
        (of, posture) -> latest = posture,
        new MonitorListener() {
          @Override
          public void changed(Posture before, Posture after) {
            look(after);
          }
        },
        this,
        time,
        new SplittableRandom(random.nextLong()));
  }

  private void look(Posture posture) {
    posture.dependencies().values().forEach(d -> note(d.verdict().cause(), d.id()));
    posture.backends().values().forEach(b -> note(b.verdict().cause(), b.id()));
    if (posture.anyOpen()) {
      alarms.add(instant() + " a breaker opened");
    }
  }

  private void note(Cause cause, String subject) {
    if (cause != Cause.NONE) {
      alarms.add(instant() + " " + subject + ": " + cause);
    }
  }

  private Instant instant() {
    return Instant.ofEpochMilli(time.now(TimeUnit.MILLISECONDS));
  }

  private long nanos() {
    return time.now(TimeUnit.NANOSECONDS) + frozen;
  }

  @Override
  public Ladder dependency(Dependency dependency, Vantage vantage) {
    return (full, seen) -> climb(dependency.id(), vantage, full);
  }

  @Override
  public Ladder control(Control control) {
    return (full, seen) -> climb(control.id(), Vantage.GATEWAY, false);
  }

  private Mono<Climb> climb(String id, Vantage vantage, boolean full) {
    Instant begun = instant();
    boolean lost = random.nextInt(oneIn) == 0;
    boolean reset = lost && random.nextBoolean();
    long millis = lost && !reset ? 1_200 : 2 + random.nextInt(40);
    String signal = reset ? Signal.RESET : Signal.TIMEOUT;
    Sample sample =
        lost
            ? Sample.bad(id, Rung.TCP, vantage, millis, signal, "no answer")
            : Sample.good(id, full ? Rung.FULL_QUERY : Rung.SELECT_ONE, vantage, millis);
    return Mono.delay(Duration.ofMillis(millis), time)
        .map(tick -> new Climb(id, begun, vantage, List.of(sample)));
  }

  @Override
  public Mono<BackendHealth> backend(Backend backend, Duration limit) {
    Duration now = Duration.ofMillis(time.now(TimeUnit.MILLISECONDS));
    Duration hour = Duration.ofMillis(now.toMillis() % HOUR.toMillis());
    boolean deployed = hour.compareTo(DEPLOY) >= 0 && hour.compareTo(DEPLOY.plus(DEPLOY_LASTS)) < 0;
    return Mono.delay(Duration.ofMillis(5), time)
        .map(
            tick ->
                deployed
                    ? BackendHealth.unanswered(instant(), Reach.REFUSED, "refused")
                    : BackendHealth.answered(instant(), 200, "200 OK", List.of(), null));
  }

  @Override
  public void close() {}
}
