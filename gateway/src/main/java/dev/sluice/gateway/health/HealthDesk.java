package dev.sluice.gateway.health;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Route;
import dev.sluice.probes.mode.Posture;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Answers from memory: each answer is made once for a posture, configuration and situation, and
 * handed out as the same bytes until one of them changes. Callable from event loops; two that race
 * for the first answer make it twice and agree.
 */
public final class HealthDesk {
  private volatile Page page;

  /** Begins with nothing remembered. */
  public HealthDesk(Posture posture, Configuration configuration, Situation situation) {
    page = new Page(posture, configuration, situation);
  }

  /** {@link HealthAnswers#report}. */
  public HealthAnswer report(
      Posture posture, Configuration configuration, Situation situation, boolean full) {
    return turn(posture, configuration, situation)
        .answer(
            full ? "report+" : "report",
            () -> HealthAnswers.report(posture, configuration, situation, full));
  }

  /** {@link HealthAnswers#ready}. */
  public HealthAnswer ready(
      Posture posture, Configuration configuration, Situation situation, boolean full) {
    return turn(posture, configuration, situation)
        .answer(
            full ? "ready+" : "ready",
            () -> HealthAnswers.ready(posture, configuration, situation, full));
  }

  /** {@link HealthAnswers#startup}. */
  public HealthAnswer startup(
      Posture posture, Configuration configuration, Situation situation, boolean full) {
    return turn(posture, configuration, situation)
        .answer(
            full ? "startup+" : "startup",
            () -> HealthAnswers.startup(posture, configuration, full));
  }

  /** {@link RouteHealth#answer}. */
  public HealthAnswer route(
      Route route,
      Backend backend,
      Posture posture,
      Configuration configuration,
      Situation situation,
      boolean full) {
    return turn(posture, configuration, situation)
        .answer(
            (full ? "route+" : "route ") + route.id(),
            () ->
                RouteHealth.answer(
                    route, backend, configuration.dependenciesOf(route), posture, full));
  }

  private Page turn(Posture posture, Configuration configuration, Situation situation) {
    Page current = page;
    if (current.shows(posture, configuration, situation)) {
      return current;
    }
    Page fresh = new Page(posture, configuration, situation);
    page = fresh;
    return fresh;
  }

  /** The answers of one moment. */
  private record Page(
      Posture posture,
      Configuration configuration,
      Situation situation,
      Map<String, HealthAnswer> answers) {
    Page(Posture posture, Configuration configuration, Situation situation) {
      this(posture, configuration, situation, new ConcurrentHashMap<>());
    }

    @SuppressWarnings("ReferenceEquality")
    boolean shows(Posture p, Configuration c, Situation s) {
      return posture == p && configuration == c && situation.equals(s);
    }

    HealthAnswer answer(String name, Supplier<HealthAnswer> make) {
      HealthAnswer known = answers.get(name);
      if (known != null) {
        return known;
      }
      HealthAnswer made = make.get();
      answers.put(name, made);
      return made;
    }
  }
}
