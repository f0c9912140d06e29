package dev.sluice.gateway.app;

import dev.sluice.config.Alerts;
import dev.sluice.fallback.store.Fleet;
import dev.sluice.fallback.store.Journal;
import dev.sluice.gateway.alerts.Alarm;
import dev.sluice.gateway.alerts.Alarms;
import dev.sluice.gateway.alerts.AlertBook;
import dev.sluice.gateway.alerts.Couriers;
import dev.sluice.gateway.alerts.Incident;
import dev.sluice.gateway.alerts.Message;
import dev.sluice.gateway.alerts.Served;
import dev.sluice.gateway.alerts.Signs;
import dev.sluice.gateway.fleet.JoinedView;
import dev.sluice.gateway.fleet.Member;
import dev.sluice.gateway.fleet.Standing;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every second at what is wrong, has teams told of it, and has what was seen written down.
 * What it knows is kept in the store: it waits for that a while before it begins, so that a restart
 * neither repeats nor forgets. Of gateways that share the store the one that leads tells of what
 * all see, and only what it has written down under its lease; the others know what it wrote. One
 * thread owns the book.
 */
final class AlertWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.alerts");
  private static final String KIND = "incident";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration STORE_ANSWERS = Duration.ofSeconds(7);

  /** How often whoever does not lead reads what the leader wrote. */
  private static final int FOLLOW_TICKS = 3;

  /** How often Alertmanager hears of what lasts. */
  private static final int AGAIN_TICKS = 60;

  private final Supplier<Snapshot> now;
  private final Function<Instant, Signs> signs;
  private final Supplier<Set<String>> trying;
  private final Tally tally;
  private final Recorder recorder;
  private final InstantSource clock;
  private final Couriers couriers;
  private final Instant since;
  private final FleetWatch fleet;
  private final Map<String, String> unkept = new LinkedHashMap<>();
  private final Queue<Runnable> notes = new ArrayDeque<>();
  private final ScheduledExecutorService ticking =
      Executors.newSingleThreadScheduledExecutor(
          run -> {
            Thread thread = new Thread(run, "sluice-alerts");
            thread.setDaemon(true);
            return thread;
          });
  private AlertBook book = new AlertBook();
  private volatile Sight sight = Sight.NOTHING;
  private volatile List<Incident.View> open = List.of();
  private volatile List<Incident.View> ended = List.of();
  private @Nullable Journal journal;
  private boolean ready;
  private long ticks;

  /** Under which the book was read; 0 for one that is this gateway's alone. */
  private long epoch;

  /** What this gateway sees by itself. */
  record Sight(List<Alarm> alarms, Set<String> unknown) {
    static final Sight NOTHING = new Sight(List.of(), Set.of());
  }

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
      FleetWatch fleet,
      InstantSource clock,
      Telemetry telemetry) {
    this.now = now;
    this.signs = signs;
    this.trying = trying;
    this.tally = tally;
    this.recorder = recorder;
    this.fleet = fleet;
    this.clock = clock;
    this.couriers = new Couriers(clock, telemetry::alerted);
    this.since = clock.instant();
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
    Sight seen =
        new Sight(
            Alarms.of(at.configuration(), at.posture(), signs.apply(moment), moment),
            Alarms.unknown(at.posture()));
    sight = seen;
    Standing standing = fleet.standing();
    long tick = ticks++;
    if (!standing.speaks()) {
      follow(tick);
    } else if (caughtUp(standing)) {
      speak(at, moment, joined(seen, standing), standing, tick);
    }
    open = book.open();
    ended = book.ended();
  }

  /** What all see, this one first. */
  private JoinedView joined(Sight seen, Standing standing) {
    Fleet shared = fleet.fleet();
    List<Member> members = new ArrayList<>();
    members.add(member(shared == null ? "" : shared.id(), seen));
    members.addAll(standing.others());
    return new JoinedView(members);
  }

  private void speak(Snapshot at, Instant moment, JoinedView view, Standing standing, long tick) {
    Alerts settings = at.configuration().operation().alerts();
    Set<String> unknown = new HashSet<>(view.unknown());
    unknown.addAll(trying.get());
    List<Message> messages = book.step(moment, view.alarms(), unknown, settings, tally.served());
    if (!keep(standing)) {
      return;
    }
    String environment = at.configuration().environment();
    for (Message message : messages) {
      message.incidents().forEach(each -> AlertLog.say(message, each, moment));
      recorder.told(message, moment);
      couriers.send(message, settings, environment);
    }
    if (tick % AGAIN_TICKS == 0) {
      book.reminders(settings).forEach(each -> couriers.send(each, settings, environment));
    }
  }

  /** Whoever begins to lead goes on where the last leader's notes end. */
  private boolean caughtUp(Standing standing) {
    Journal store = journal;
    if (standing.epoch() == 0 || standing.epoch() == epoch || store == null) {
      return true;
    }
    Map<String, String> notes = soon(store.latest(KIND));
    if (notes == null) {
      return false;
    }
    read(notes);
    epoch = standing.epoch();
    return true;
  }

  /** Knows what the leader wrote. */
  private void follow(long tick) {
    Journal store = journal;
    epoch = 0;
    unkept.clear();
    if (store != null && tick % FOLLOW_TICKS == 0) {
      store
          .latest(KIND)
          .thenAccept(
              notes ->
                  ticking.execute(
                      () -> {
                        if (epoch == 0 && !fleet.standing().speaks()) {
                          read(notes);
                        }
                      }));
    }
  }

  private void read(Map<String, String> notes) {
    AlertBook next = new AlertBook();
    if (next.restore(notes.values(), tally.served()) > 0) {
      LOG.warn("some earlier outages are not understood and are left out");
    }
    book = next;
  }

  /** What this gateway tells the others of itself. */
  Member member(String id) {
    return member(id, sight);
  }

  private Member member(String id, Sight seen) {
    String mode = now.get().posture().mode().label();
    String name = Member.name(System::getenv, id);
    return new Member(id, name, false, since, mode, seen.alarms(), seen.unknown(), fleet.climbs());
  }

  private void drain() {
    synchronized (notes) {
      notes.forEach(Runnable::run);
      notes.clear();
    }
  }

  /** Writes down what is about to be told; false where another one leads and nothing may be. */
  private boolean keep(Standing standing) {
    Journal store = journal;
    if (store == null) {
      return true;
    }
    Map<String, String> changed = book.takeChanged();
    Fleet shared = fleet.fleet();
    if (shared == null || standing.role() == Standing.Role.ALONE) {
      changed.forEach((key, text) -> keep(store, key, text));
      return true;
    }
    unkept.putAll(changed);
    return standing.epoch() == 0 || kept(shared, standing.epoch());
  }

  /** What cannot be written is told all the same, and written later. */
  private boolean kept(Fleet shared, long under) {
    for (Map.Entry<String, String> note : List.copyOf(unkept.entrySet())) {
      Boolean leads = soon(shared.append(under, KIND, note.getKey(), note.getValue()));
      if (leads == null) {
        return true;
      }
      if (!leads) {
        LOG.info("another gateway speaks for all by now");
        unkept.clear();
        epoch = 0;
        return false;
      }
      unkept.remove(note.getKey());
    }
    return true;
  }

  /** Null where the store does not answer. */
  private static <T> @Nullable T soon(Future<T> answer) {
    try {
      return answer.get(STORE_ANSWERS.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("what is known of outages is neither kept nor read: {}", e.getMessage());
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
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
