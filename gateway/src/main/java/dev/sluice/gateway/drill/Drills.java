package dev.sluice.gateway.drill;

import dev.sluice.config.Configuration;
import dev.sluice.config.Dependency;
import dev.sluice.config.Route;
import dev.sluice.gateway.proxy.ExchangeObserver.Ended;
import dev.sluice.gateway.proxy.ExchangeObserver.Outcome;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.mode.Rehearsal;
import dev.sluice.probes.verdict.Detail;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Has requests decided as if a dependency were down: one at a time, while everything is well, and
 * for a time. It ends by itself when that is over, when clients get failures, and when something
 * really fails. Safe from any thread; never blocks.
 */
public final class Drills implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.drill");
  private static final String PRODUCTION = "production";

  private final Supplier<Configuration> configuration;
  private final Supplier<Posture> real;
  private final Predicate<Posture> ready;
  private final Consumer<@Nullable String> believe;
  private final InstantSource clock;
  private volatile @Nullable Running running;
  private @Nullable Drill last;

  /**
   * What is wanted.
   *
   * @param failures so many answers with 5xx to clients end it
   * @param production whether it may be in production
   */
  public record Wish(String dependency, Duration time, int failures, boolean production) {}

  /** Why there is none. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String why) {
      super(why, null, false, false);
    }

    /** One sentence. */
    public String why() {
      return String.valueOf(getMessage());
    }
  }

  private record Running(
      Wish wish,
      Set<String> routes,
      Instant begun,
      Instant until,
      AtomicInteger failed,
      Disposable.Swap timer) {
    Drill drill(@Nullable Instant ended, @Nullable String why) {
      return new Drill(wish.dependency(), begun, until, failed.get(), ended, why);
    }
  }

  /**
   * @param real where everything stands, whatever is rehearsed
   * @param ready whether a gateway would take requests under a posture
   * @param believe is given the dependency that is taken to be down; null: none is
   */
  public Drills(
      Supplier<Configuration> configuration,
      Supplier<Posture> real,
      Predicate<Posture> ready,
      Consumer<@Nullable String> believe,
      InstantSource clock) {
    this.configuration = configuration;
    this.real = real;
    this.ready = ready;
    this.believe = believe;
    this.clock = clock;
  }

  /** Begins one. */
  public synchronized Drill begin(Wish wish) throws Refused {
    Configuration file = configuration.get();
    check(wish, file);
    Instant now = clock.instant();
    Set<String> routes =
        file.routes().stream()
            .filter(route -> file.dependenciesOf(route).contains(wish.dependency()))
            .map(Route::id)
            .collect(Collectors.toUnmodifiableSet());
    Running begun =
        new Running(
            wish, routes, now, now.plus(wish.time()), new AtomicInteger(), Disposables.swap());
    running = begun;
    begun
        .timer()
        .update(Mono.delay(wish.time()).subscribe(tick -> end(begun, "its time was over")));
    believe.accept(wish.dependency());
    LOG.warn("drill: {} is taken to be down until {}", wish.dependency(), begun.until());
    return begun.drill(null, null);
  }

  private void check(Wish wish, Configuration file) throws Refused {
    String id = wish.dependency();
    if (running != null) {
      throw new Refused("another drill is under way");
    }
    if (file.dependency(id).isEmpty()) {
      String known = String.join(", ", file.dependencies().stream().map(Dependency::id).toList());
      throw new Refused("there is no dependency '%s' (known: %s)".formatted(id, known));
    }
    if (file.environment().equals(PRODUCTION) && !wish.production()) {
      throw new Refused("this is production, where a drill has to be asked for by name");
    }
    Posture posture = real.get();
    String trouble = trouble(posture);
    if (trouble != null) {
      throw new Refused(trouble + ": a drill waits until all is well");
    }
    if (!ready.test(Rehearsal.without(posture, file, id, clock.instant()))) {
      throw new Refused("without " + id + " this gateway would not be ready for requests");
    }
  }

  /** What is really wrong; null when nothing is. */
  private static @Nullable String trouble(Posture posture) {
    for (DependencyStatus each : posture.dependencies().values()) {
      if (each.breaker() != BreakerState.CLOSED || each.verdict().detail() != Detail.HEALTHY) {
        return each.id() + " is not well";
      }
    }
    return posture.anyOpen() ? "a breaker is open" : null;
  }

  /** Ends the one that runs; false where none does. */
  public boolean end(String why) {
    Running now = running;
    return now != null && end(now, why);
  }

  private synchronized boolean end(Running which, String why) {
    if (!which.equals(running)) {
      return false;
    }
    running = null;
    which.timer().dispose();
    believe.accept(null);
    last = which.drill(clock.instant(), why);
    LOG.warn("drill: {} is no longer taken to be down, {}", which.wish().dependency(), why);
    return true;
  }

  /** The one that runs, or the last one; null where there was none. */
  public synchronized @Nullable Drill latest() {
    Running now = running;
    return now == null ? last : now.drill(null, null);
  }

  /** The dependency that is taken to be down; null where none is. */
  public @Nullable String dependency() {
    Running now = running;
    return now == null ? null : now.wish().dependency();
  }

  /** An exchange has ended; called on event loops. */
  public void ended(Ended exchange) {
    Running now = running;
    if (now == null || exchange.status() < 500 || exchange.outcome() == Outcome.HEALTH) {
      return;
    }
    if (now.routes().contains(exchange.routeId())
        && now.failed().incrementAndGet() == now.wish().failures()) {
      later(now, now.wish().failures() + " requests of clients failed");
    }
  }

  /** The monitor has found something; called on its thread. */
  public void changed(Posture posture) {
    Running now = running;
    String trouble = now == null ? null : trouble(posture);
    if (now != null && trouble != null) {
      later(now, trouble);
    }
  }

  private void later(Running which, String why) {
    Schedulers.parallel().schedule(() -> end(which, why));
  }

  @Override
  public void close() {
    end("the gateway stops");
  }
}
