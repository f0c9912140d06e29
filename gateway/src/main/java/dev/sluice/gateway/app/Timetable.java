package dev.sluice.gateway.app;

import dev.sluice.config.Cron;
import dev.sluice.config.Validation.Schedule;
import dev.sluice.fallback.store.Journal;
import dev.sluice.gateway.health.Json;
import dev.sluice.gateway.proxy.Snapshot;
import dev.sluice.gateway.validate.Revalidated;
import dev.sluice.gateway.validate.Revalidated.Trigger;
import dev.sluice.gateway.validate.Trend;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.validation.Suite;
import dev.sluice.probes.verdict.Detail;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins validations when schedules say so: never while an outage is known or a drill runs, and
 * once for all that a gateway missed while it was down. Results are kept in the store, the last
 * hundred of each schedule. All work is on one thread of its own.
 */
final class Timetable implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.validation");
  private static final String KIND = "validation";
  private static final Duration LOOKS = Duration.ofSeconds(2);

  /** How long the store is waited for, which knows what ran when. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Supplier<Snapshot> now;
  private final Supplier<@Nullable String> drill;
  private final BooleanSupplier speaks;
  private final Trials trials;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Timetable::thread);
  private final Map<Schedule, Instant> due = new HashMap<>();
  private final Map<String, Instant> last = new HashMap<>();
  private volatile @Nullable Journal journal;
  private boolean ready;

  /**
   * @param drill the dependency that is taken to be down; null where none is
   * @param speaks whether what is to be done once for all gateways of one store is this one's
   */
  Timetable(
      Supplier<Snapshot> now,
      Supplier<@Nullable String> drill,
      BooleanSupplier speaks,
      Trials trials,
      InstantSource clock,
      RandomGenerator random) {
    this.now = now;
    this.drill = drill;
    this.speaks = speaks;
    this.trials = trials;
    this.clock = clock;
    this.random = random;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "sluice-validation");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Begins to look.
   *
   * @param stored whether a store will be opened that may know what ran when
   */
  void start(boolean stored) {
    if (stored) {
      thread.schedule(() -> ready = true, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } else {
      thread.execute(() -> ready = true);
    }
    thread.scheduleAtFixedRate(this::tick, 1, LOOKS.toSeconds(), TimeUnit.SECONDS);
  }

  /** The store is open. */
  void opened(Journal opened) {
    journal = opened;
    opened.latest(KIND).whenComplete((notes, fault) -> thread.execute(() -> recall(notes, fault)));
  }

  private void recall(Map<String, String> notes, @Nullable Throwable fault) {
    if (fault != null) {
      LOG.warn("earlier validations could not be read: {}", fault.getMessage());
    } else {
      notes.forEach(
          (id, text) -> {
            Instant begun = Trend.begun(text);
            if (begun != null) {
              last.put(id, begun);
            }
          });
    }
    ready = true;
  }

  private void tick() {
    try {
      if (ready) {
        look();
      }
    } catch (RuntimeException e) {
      LOG.error("a fault in the schedules of validations", e);
    }
  }

  private void look() {
    Instant moment = clock.instant();
    Snapshot snapshot = now.get();
    List<Schedule> schedules = snapshot.configuration().operation().validation().schedules();
    due.keySet().retainAll(new HashSet<>(schedules));
    for (Schedule schedule : schedules) {
      Instant at = due.computeIfAbsent(schedule, each -> first(each, moment));
      if (!at.isAfter(moment)) {
        due.put(schedule, later(schedule, moment));
        begin(schedule, snapshot);
      }
    }
  }

  /** Soon, where its time passed while nobody was there. */
  private Instant first(Schedule schedule, Instant moment) {
    Instant before = last.get(schedule.id());
    Instant missed = before == null ? null : Cron.next(schedule, before);
    return missed != null && missed.isBefore(moment)
        ? jittered(schedule, moment)
        : later(schedule, moment);
  }

  private Instant later(Schedule schedule, Instant moment) {
    Instant next = Cron.next(schedule, moment);
    return next == null ? Instant.MAX : jittered(schedule, next);
  }

  private Instant jittered(Schedule schedule, Instant at) {
    long most = schedule.jitter().toMillis();
    return at.plusMillis(most <= 0 ? 0 : random.nextLong(most));
  }

  private void begin(Schedule schedule, Snapshot snapshot) {
    if (!speaks.getAsBoolean()) {
      LOG.debug("validation {} is left to the gateway that leads", schedule.id());
    } else if (troubled(snapshot.posture()) || drill.get() != null) {
      LOG.info("validation {} is skipped: an outage or a drill is known", schedule.id());
    } else {
      trials.begin(Trigger.SCHEDULE, schedule.id(), suite(schedule));
    }
  }

  private static boolean troubled(Posture posture) {
    return posture.warmUp()
        || posture.anyOpen()
        || posture.dependencies().values().stream()
            .anyMatch(each -> each.verdict().detail() != Detail.HEALTHY);
  }

  private static Suite suite(Schedule schedule) {
    return switch (schedule.suite()) {
      case BASIC -> Suite.BASIC;
      case PERFORMANCE -> Suite.PERFORMANCE;
      case COMPREHENSIVE -> Suite.QUICK;
      case FULL -> Suite.FULL;
    };
  }

  /** Keeps a result; from any thread. */
  void ended(Revalidated result) {
    Journal open = journal;
    if (open != null && result.trigger() == Trigger.SCHEDULE) {
      String text = Json.text(Trend.of(result.validated()));
      if (text.length() <= Journal.MOST_CHARACTERS) {
        open.append(KIND, result.subject(), text)
            .whenComplete(
                (kept, fault) -> {
                  if (fault != null) {
                    LOG.warn("a validation is not kept: {}", fault.getMessage());
                  }
                });
      }
    }
  }

  /** The kept results of a schedule, the newest first; none where there is no store. */
  CompletableFuture<List<String>> kept(String schedule, int most) {
    Journal open = journal;
    return open == null
        ? CompletableFuture.completedFuture(List.of())
        : open.scan(KIND, schedule, most)
            .thenApply(notes -> notes.stream().map(Journal.Note::text).toList());
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
