package dev.sluice.gateway.app;

import dev.sluice.config.Alerts;
import dev.sluice.fallback.store.Journal;
import dev.sluice.gateway.alerts.Alarms;
import dev.sluice.gateway.alerts.AlertBook;
import dev.sluice.gateway.alerts.Couriers;
import dev.sluice.gateway.alerts.Incident;
import dev.sluice.gateway.alerts.Message;
import dev.sluice.gateway.alerts.Served;
import dev.sluice.gateway.alerts.Signs;
import dev.sluice.gateway.proxy.Snapshot;
import dev.sluice.gateway.recording.Recorder;
import dev.sluice.gateway.telemetry.Telemetry;
import dev.sluice.gateway.validate.Revalidated;
import dev.sluice.probes.breaker.Move;
import dev.sluice.probes.mode.Posture;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every second at what is wrong, has teams told of it, and has what was seen written down.
 * What it knows is kept in the store: it waits for that a while before it begins, so that a restart
 * neither repeats nor forgets. One thread owns the book.
 */
final class AlertWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.alerts");
  private static final String KIND = "incident";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** How often Alertmanager hears of what lasts. */
  private static final int AGAIN_TICKS = 60;

  private final Supplier<Snapshot> now;
  private final Function<Instant, Signs> signs;
  private final Supplier<Set<String>> trying;
  private final Tally tally;
  private final Recorder recorder;
  private final InstantSource clock;
  private final Couriers couriers;
  private final AlertBook book = new AlertBook();
  private final Queue<Runnable> notes = new ArrayDeque<>();
  private final ScheduledExecutorService ticking =
      Executors.newSingleThreadScheduledExecutor(
          run -> {
            Thread thread = new Thread(run, "sluice-alerts");
            thread.setDaemon(true);
            return thread;
          });
  private volatile List<Incident.View> open = List.of();
  private volatile List<Incident.View> ended = List.of();
  private @Nullable Journal journal;
  private boolean ready;
  private long ticks;

  /**
   * @param trying dependencies that are being tried out after their outage, which ends once it is
   *     known how they fare
   */
  AlertWatch(
      Supplier<Snapshot> now,
      Function<Instant, Signs> signs,
      Supplier<Set<String>> trying,
      Tally tally,
      Recorder recorder,
      InstantSource clock,
      Telemetry telemetry) {
    this.now = now;
    this.signs = signs;
    this.trying = trying;
    this.tally = tally;
    this.recorder = recorder;
    this.clock = clock;
    this.couriers = new Couriers(clock, telemetry::alerted);
  }

  /**
   * Begins to look.
   *
   * @param stored whether a store will be opened that may know of earlier outages
   */
  void start(boolean stored) {
    if (stored) {
      ticking.schedule(this::begin, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } else {
      ticking.execute(this::begin);
    }
    ticking.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
  }

  private void begin() {
    ready = true;
  }

  /** The store is open. */
  void opened(Journal store) {
    store
        .latest(KIND)
        .whenComplete((known, fault) -> ticking.execute(() -> recall(store, known, fault)));
  }

  private void recall(Journal store, Map<String, String> known, @Nullable Throwable fault) {
    journal = store;
    if (fault != null) {
      LOG.warn("earlier outages could not be read: {}", fault.getMessage());
    } else if (book.restore(known.values(), tally.served()) > 0) {
      LOG.warn("some earlier outages are not understood and are left out");
    }
    ready = true;
  }

  private void tick() {
    try {
      recorder.write(now.get().configuration());
      step();
    } catch (RuntimeException e) {
      LOG.error("a fault in the alerts", e);
    }
  }

  private void step() {
    if (!ready) {
      return;
    }
    drain();
    Snapshot at = now.get();
    Instant moment = clock.instant();
    Alerts settings = at.configuration().operation().alerts();
    List<Message> messages =
        book.step(
            moment,
            Alarms.of(at.configuration(), at.posture(), signs.apply(moment), moment),
            unknown(at.posture()),
            settings,
            tally.served());
    String environment = at.configuration().environment();
    for (Message message : messages) {
      message.incidents().forEach(each -> AlertLog.say(message, each, moment));
      recorder.told(message, moment);
      couriers.send(message, settings, environment);
    }
    if (ticks++ % AGAIN_TICKS == 0) {
      book.reminders(settings).forEach(each -> couriers.send(each, settings, environment));
    }
    open = book.open();
    ended = book.ended();
    keep();
  }

  private Set<String> unknown(Posture posture) {
    Set<String> unknown = new HashSet<>(Alarms.unknown(posture));
    unknown.addAll(trying.get());
    return unknown;
  }

  private void drain() {
    synchronized (notes) {
      notes.forEach(Runnable::run);
      notes.clear();
    }
  }

  private void keep() {
    Journal store = journal;
    Map<String, String> changed = store == null ? Map.of() : book.takeChanged();
    if (store != null) {
      changed.forEach((key, text) -> keep(store, key, text));
    }
  }

  private static void keep(Journal store, String key, String text) {
    store
        .append(KIND, key, text)
        .whenComplete(
            (kept, fault) -> {
              if (fault != null) {
                LOG.warn(
                    "what is known of the outage of {} is not kept: {}", key, fault.getMessage());
              }
            });
  }

  /** A breaker moved; never blocks. */
  void moved(Move move) {
    if (move.from() != move.to()) {
      Instant at = clock.instant();
      String text = "Breaker " + move.id() + " " + move.to().label() + ": " + move.why() + ".";
      note(() -> book.happened(move.id(), at, text));
    }
  }

  /** A dependency was tried out; never blocks. */
  void validated(Revalidated result) {
    Instant at = clock.instant();
    note(() -> book.happened(result.subject(), at, result.sentence() + "."));
  }

  /** Something happened to what teams are told of; never blocks. */
  void happened(String subject, Instant at, String text) {
    note(() -> book.happened(subject, at, text));
  }

  /** The mode changed; never blocks. */
  void changed(Posture before, Posture after) {
    if (before.mode() != after.mode()) {
      Instant at = clock.instant();
      String text = "Mode " + after.mode().label() + " after " + before.mode().label() + ".";
      note(() -> book.happened(null, at, text));
    }
  }

  private void note(Runnable what) {
    synchronized (notes) {
      if (notes.size() < 1000) {
        notes.add(what);
      }
    }
  }

  /** What clients were given since the start. */
  Served served() {
    return tally.served();
  }

  /** Outages that teams were told of and that last. */
  List<Incident.View> open() {
    return open;
  }

  /** Those that have ended, the latest first. */
  List<Incident.View> ended() {
    return ended;
  }

  @Override
  public void close() {
    ticking.shutdownNow();
    couriers.close();
  }
}
