package dev.sluice.gateway.app;

import dev.sluice.gateway.recording.Recorder;
import dev.sluice.gateway.telemetry.ProbeSpans;
import dev.sluice.gateway.telemetry.Telemetry;
import dev.sluice.probes.breaker.Lesson;
import dev.sluice.probes.breaker.Move;
import dev.sluice.probes.history.History;
import dev.sluice.probes.history.PathFigures;
import dev.sluice.probes.history.PoolHistory;
import dev.sluice.probes.history.PoolSeries;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.monitor.MonitorListener;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.PoolFigures;
import dev.sluice.probes.verdict.Verdict;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and logs what the monitor finds: each change of mode, verdict and breaker once. */
final class ControlLog implements MonitorListener {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.monitor");

  private final Telemetry telemetry;
  private final Consumer<Lesson> keep;
  private final Consumer<Posture> look;
  private final AlertWatch alerts;
  private final Chronicle chronicle;
  private final Recorder recorder;
  private final @Nullable ProbeSpans spans;
  private final Consumer<Move> moved;
  private final Consumer<Climb> climbs;
  private final History history = new History(ControlLog::degrading);
  private final PoolHistory pools = new PoolHistory(ControlLog::scarce);

  /**
   * @param keep takes every lesson
   * @param look takes every posture that changed
   * @param spans null where none are recorded
   * @param moved takes every move of a breaker
   * @param climbs takes every climb of a dependency
   */
  ControlLog(
      Telemetry telemetry,
      Consumer<Lesson> keep,
      Consumer<Posture> look,
      AlertWatch alerts,
      Chronicle chronicle,
      Recorder recorder,
      @Nullable ProbeSpans spans,
      Consumer<Move> moved,
      Consumer<Climb> climbs) {
    this.telemetry = telemetry;
    this.keep = keep;
    this.look = look;
    this.alerts = alerts;
    this.chronicle = chronicle;
    this.recorder = recorder;
    this.spans = spans;
    this.moved = moved;
    this.climbs = climbs;
  }

  private static void scarce(PoolSeries pool) {
    LOG.warn("the pool of {} is {}", pool.backend(), pool.sentence());
  }

  private static void degrading(PathFigures path) {
    LOG.warn("{} is {}", path.subject(), path.sentence());
  }

  /** How the ways to the dependencies were lately. */
  List<PathFigures> paths() {
    return history.figures();
  }

  /** How the backends' pools were lately. */
  List<PoolSeries> pools() {
    return pools.series();
  }

  @Override
  public void heard(String backendId, BackendHealth answer) {
    recorder.heard(backendId, answer);
    PoolFigures figures = answer.pool();
    if (figures != null) {
      pools.told(backendId, figures, answer.at());
    }
  }

  @Override
  public void control(Climb climb) {
    recorder.control(climb);
  }

  @Override
  public void climbed(Climb climb, Verdict verdict) {
    recorder.climbed(climb, verdict);
    history.climbed(climb);
    telemetry.climbed(climb, verdict);
    climbs.accept(climb);
    if (spans != null) {
      spans.climbed(climb);
    }
  }

  @Override
  public void changed(Posture before, Posture after) {
    history.keep(after.dependencies().keySet());
    pools.keep(after.backends().keySet());
    telemetry.changed(before, after);
    recorder.changed(before, after);
    look.accept(after);
    alerts.changed(before, after);
    if (before.mode() != after.mode()) {
      LOG.warn("mode {} after {}", after.mode().label(), before.mode().label());
    }
    if (!before.headline().sentence().equals(after.headline().sentence())) {
      LOG.warn("{} {}", after.headline().cause(), after.headline().sentence());
    }
  }

  @Override
  public void breaker(Move move) {
    telemetry.breaker(move);
    alerts.moved(move);
    chronicle.moved(move);
    recorder.breaker(move);
    moved.accept(move);
    String from = move.from() == move.to() ? "trial" : move.from().label();
    LOG.warn("breaker {} {} after {}: {}", move.id(), move.to().label(), from, move.why());
  }

  @Override
  public void learnt(Lesson lesson) {
    if (!lesson.change().isEmpty()) {
      String would = lesson.dry() ? " (dry-run: nothing is changed)" : "";
      LOG.warn("breaker {} learns: {}{}", lesson.id(), lesson.change(), would);
    }
    keep.accept(lesson);
  }
}
