package dev.sluice.gateway.reload;

import dev.sluice.config.Configuration;
import dev.sluice.config.ConfigurationLoader;
import dev.sluice.config.LoadResult;
import dev.sluice.config.Problem;
import dev.sluice.gateway.reload.ReloadOutcome.Applied;
import dev.sluice.gateway.reload.ReloadOutcome.Refused;
import dev.sluice.gateway.reload.ReloadOutcome.Trigger;
import dev.sluice.gateway.reload.ReloadOutcome.Unchanged;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the same route files again, on a thread of its own: when asked, and when their content has
 * changed. All that can fail happens before anything changes; a file that is refused changes
 * nothing. One reload runs at a time and one more may wait, which all that ask meanwhile share.
 */
public final class Reload implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.reload");
  private static final Duration STOP = Duration.ofSeconds(10);
  private static final int TRIES = 3;

  private final List<Path> paths;
  private final UnaryOperator<String> environment;
  private final InstantSource clock;
  private final Running running;
  private final Looks looks = new Looks();
  private final ScheduledExecutorService thread;
  private final AtomicReference<@Nullable CompletableFuture<ReloadOutcome>> waiting =
      new AtomicReference<>();
  private volatile @Nullable ReloadOutcome latest;
  private volatile String version;

  /** What is reloaded; called on the reload's thread. */
  public interface Running {
    /** The configuration that runs. */
    Configuration configuration();

    /**
     * Goes over to the succession's next configuration.
     *
     * @throws IllegalStateException with one sentence when nothing was changed
     */
    void apply(Succession succession);

    /** The files were looked at; what belongs to them may be looked at too. */
    void looked();

    /** Told of every outcome, save that a look at the files found nothing new. */
    void reloaded(ReloadOutcome outcome);
  }

  /** A reload of these files and folders; begins nothing by itself. */
  public Reload(
      List<Path> paths, UnaryOperator<String> environment, InstantSource clock, Running running) {
    this.paths = List.copyOf(paths);
    this.environment = environment;
    this.clock = clock;
    this.running = running;
    this.version = Content.of(paths);
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread own = new Thread(task, "sluice-reload");
              own.setDaemon(true);
              return own;
            });
  }

  /** Begins to look at the files, so often. */
  public void watch(Duration every) {
    if (!paths.isEmpty()) {
      long millis = every.toMillis();
      thread.scheduleWithFixedDelay(this::look, millis, millis, TimeUnit.MILLISECONDS);
    }
  }

  private void look() {
    try {
      if (looks.due(Content.of(paths))) {
        run(Trigger.FILES);
      }
      running.looked();
    } catch (RuntimeException e) {
      // Thrown out of here it would end the looks for good.
      tell(refused(Trigger.FILES, "the files could not be looked at: " + e));
    }
  }

  /** Asks for a reload and returns at once, from any thread; the future never fails. */
  public CompletableFuture<ReloadOutcome> ask(Trigger trigger) {
    CompletableFuture<ReloadOutcome> own = new CompletableFuture<>();
    CompletableFuture<ReloadOutcome> other = waiting.compareAndExchange(null, own);
    if (other != null) {
      return other.copy();
    }
    try {
      thread.execute(
          () -> {
            waiting.set(null);
            own.complete(run(trigger));
          });
    } catch (RejectedExecutionException e) {
      own.complete(refused(trigger, "the gateway is stopping"));
    }
    return own.copy();
  }

  /** What came of the last reload that was worth telling; null before the first. */
  public @Nullable ReloadOutcome latest() {
    return latest;
  }

  /** The first digits of the digest of the files that run; empty where there are none. */
  public String version() {
    return paths.isEmpty() ? "" : version.substring(0, 12);
  }

  private ReloadOutcome run(Trigger trigger) {
    ReloadOutcome outcome;
    try {
      outcome = attempt(trigger);
    } catch (RuntimeException e) {
      outcome = refused(trigger, "the reload failed: " + e.getMessage());
    }
    if (!nothingNew(outcome)) {
      tell(outcome);
    }
    return outcome;
  }

  /** A look that found what runs is worth a word only after a file that was refused. */
  private boolean nothingNew(ReloadOutcome outcome) {
    return outcome.trigger() == Trigger.FILES
        && outcome instanceof Unchanged
        && outcome.needsRestart().isEmpty()
        && !(latest instanceof Refused);
  }

  private void tell(ReloadOutcome outcome) {
    latest = outcome;
    try {
      running.reloaded(outcome);
    } catch (RuntimeException e) {
      LOG.warn("An outcome of a reload could not be told.", e);
    }
  }

  /** Files that are written while they are read are read again. */
  private ReloadOutcome attempt(Trigger trigger) {
    for (int i = 0; i < TRIES; i++) {
      String before = Content.of(paths);
      LoadResult loaded = ConfigurationLoader.load(paths, environment);
      if (before.equals(Content.of(paths))) {
        looks.taken(before);
        ReloadOutcome outcome = decided(trigger, loaded);
        version = outcome instanceof Refused ? version : before;
        return outcome;
      }
    }
    return refused(trigger, "the route files change while they are read");
  }

  private ReloadOutcome decided(Trigger trigger, LoadResult loaded) {
    Configuration files = loaded.configuration();
    if (files == null) {
      return new Refused(clock.instant(), trigger, lines(loaded.problems()));
    }
    Succession succession = Succession.of(running.configuration(), files);
    if (succession.next().equals(running.configuration())) {
      return new Unchanged(clock.instant(), trigger, succession.needsRestart());
    }
    running.apply(succession);
    return new Applied(clock.instant(), trigger, succession, lines(loaded.warnings()));
  }

  private static List<String> lines(List<Problem> problems) {
    return problems.stream().map(Problem::toString).toList();
  }

  private Refused refused(Trigger trigger, String why) {
    return new Refused(clock.instant(), trigger, List.of(why));
  }

  /** Ends the looks and lets a reload that runs end, for ten seconds at most. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
