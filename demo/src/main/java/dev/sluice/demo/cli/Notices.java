package dev.sluice.demo.cli;

import dev.sluice.probes.mode.BackendStatus;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Verdict;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tells each change of a verdict, a breaker or the mode in a line of its own, with the time of day.
 * One thread looks twenty times a second; what came and went between two looks is not told.
 */
final class Notices implements AutoCloseable {
  private static final long PERIOD_MILLIS = 50;
  private static final int LONGEST = 150;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private final Supplier<Posture> postures;
  private final Consumer<String> say;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "demo-notices");
            thread.setDaemon(true);
            return thread;
          });
  private Posture last;

  private Notices(Supplier<Posture> postures, Consumer<String> say) {
    this.postures = postures;
    this.say = say;
    this.last = postures.get();
  }

  /** Tells what changes from now on. */
  static Notices start(Supplier<Posture> postures, Consumer<String> say) {
    Notices notices = new Notices(postures, say);
    notices.clock.scheduleWithFixedDelay(
        notices::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    return notices;
  }

  /** One line with the time before it, from any thread. */
  void tell(String line) {
    say.accept(LocalTime.now(ZoneId.systemDefault()).format(TIME) + "  " + line);
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  private void look() {
    Posture now = postures.get();
    changes(last, now).forEach(this::tell);
    last = now;
  }

  /** What differs, cause before effect. */
  static List<String> changes(Posture before, Posture after) {
    List<String> lines = new ArrayList<>();
    Map<String, Part> old = parts(before);
    parts(after)
        .forEach(
            (id, part) -> lines.addAll(part.since(Objects.requireNonNullElse(old.get(id), part))));
    if (before.mode() != after.mode()) {
      lines.add("mode " + after.mode().label() + ", was " + before.mode().label());
    }
    return lines;
  }

  private static Map<String, Part> parts(Posture posture) {
    Map<String, Part> parts = new LinkedHashMap<>();
    for (DependencyStatus d : posture.dependencies().values()) {
      parts.put(d.id(), new Part(d.id(), d.verdict(), d.breaker()));
    }
    for (BackendStatus b : posture.backends().values()) {
      parts.put(b.id(), new Part(b.id(), b.verdict(), b.breaker()));
    }
    return parts;
  }

  private record Part(String id, Verdict verdict, BreakerState breaker) {
    List<String> since(Part before) {
      List<String> lines = new ArrayList<>();
      if (!verdict.agreesWith(before.verdict)) {
        lines.add(text(verdict));
      }
      if (breaker != before.breaker) {
        lines.add("breaker of " + id + " " + breaker.label() + ", was " + before.breaker.label());
      }
      return lines;
    }
  }

  /** The status page has the whole of it. */
  private static String clipped(String sentence) {
    return sentence.length() <= LONGEST ? sentence : sentence.substring(0, LONGEST) + " ...";
  }

  /** A verdict in one line. */
  static String text(Verdict verdict) {
    if (verdict.cause() == Cause.NONE) {
      return verdict.sentence();
    }
    return String.format(
        Locale.ROOT,
        "%s: %s %s (%.2f), owner %s. %s",
        verdict.subject(),
        verdict.cause(),
        verdict.detail().label(),
        verdict.confidence(),
        verdict.owner(),
        clipped(verdict.sentence()));
  }
}
