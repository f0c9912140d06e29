package dev.sluice.gateway.admin;

import dev.sluice.fallback.queue.CapturedAnswer;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.gateway.route.RequestTarget;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Queued writes as JSON: everything that an operator needs, neither bodies nor credentials. */
public final class QueueView {
  private QueueView() {}

  /** Counts by state, the oldest age in seconds, and a list of writes, the orphaned ones marked. */
  public static Map<String, Object> whole(
      Map<WriteState, Long> counts,
      @Nullable Duration oldest,
      boolean healthy,
      @Nullable String reason,
      List<QueuedWrite> writes,
      Predicate<QueuedWrite> orphaned) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("healthy", healthy);
    if (reason != null) {
      out.put("reason", reason);
    }
    out.put("counts", counts(counts));
    out.put("oldest-seconds", oldest == null ? 0 : oldest.toSeconds());
    out.put("writes", writes.stream().map(w -> write(w, orphaned.test(w))).toList());
    return out;
  }

  /** Counts in the order of the states. */
  public static Map<String, Object> counts(Map<WriteState, Long> counts) {
    Map<String, Object> out = new LinkedHashMap<>();
    for (WriteState state : WriteState.values()) {
      out.put(label(state), counts.getOrDefault(state, 0L));
    }
    return out;
  }

  /**
   * One write.
   *
   * @param orphaned it waits for a route that is gone or queues no more
   */
  public static Map<String, Object> write(QueuedWrite write, boolean orphaned) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("id", write.id());
    out.put("sequence", write.sequence());
    out.put("state", label(write.state()));
    out.put("route", write.request().routeId());
    out.put("method", write.request().method());
    out.put("target", RequestTarget.shown(write.request().target()));
    out.put("attempts", write.attempts());
    out.put("created-at", write.createdAt().toString());
    out.put("expires-at", write.expiresAt().toString());
    if (write.interrupted()) {
      out.put("interrupted", true);
    }
    if (orphaned) {
      out.put("orphaned", true);
    }
    if (write.lastError() != null) {
      out.put("last-error", write.lastError());
    }
    CapturedAnswer answer = write.answer();
    if (answer != null) {
      out.put("answer-status", answer.status());
    }
    return out;
  }

  /** A state as it is written in reports: {@code in-flight}. */
  public static String label(WriteState state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The states of a comma-separated list, all for null; null for a word that names none. */
  public static @Nullable Set<WriteState> states(@Nullable String list) {
    if (list == null || list.isBlank()) {
      return EnumSet.allOf(WriteState.class);
    }
    Set<WriteState> states = EnumSet.noneOf(WriteState.class);
    for (String word : list.split(",")) {
      try {
        states.add(WriteState.valueOf(word.strip().toUpperCase(Locale.ROOT).replace('-', '_')));
      } catch (IllegalArgumentException e) {
        return null;
      }
    }
    return states;
  }
}
