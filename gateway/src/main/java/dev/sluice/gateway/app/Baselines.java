package dev.sluice.gateway.app;

import dev.sluice.fallback.store.Journal;
import dev.sluice.gateway.validate.Validated;
import dev.sluice.probes.validation.Baseline;
import dev.sluice.probes.validation.Step;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long connections took on the last seven healthy days, kept in the store by dependency and day
 * of the week. Without a store it is known as long as the process lives. Safe from any thread;
 * never blocks.
 */
final class Baselines {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.validation");
  private static final String KIND = "baseline";
  private static final int DAYS = 7;

  private final Map<String, Map<LocalDate, Baseline>> days = new ConcurrentHashMap<>();
  private volatile @Nullable Journal journal;

  /** The store is open: what earlier runs found is taken in. */
  void opened(Journal opened) {
    journal = opened;
    opened
        .latest(KIND)
        .whenComplete(
            (notes, fault) -> {
              if (fault != null) {
                LOG.warn("how long connections took is not known: {}", fault.getMessage());
              } else {
                notes.forEach(this::recall);
              }
            });
  }

  private void recall(String id, String text) {
    int at = id.lastIndexOf('@');
    int space = text.indexOf(' ');
    Baseline known = space < 0 ? null : Baseline.read(text.substring(space + 1));
    try {
      if (at > 0 && known != null) {
        add(id.substring(0, at), LocalDate.parse(text.substring(0, space)), known);
        return;
      }
    } catch (DateTimeException e) {
      // Told below, as whatever else is not understood.
    }
    LOG.warn("how long connections took, as {} has it, is not understood and is left out", id);
  }

  private Baseline add(String dependency, LocalDate day, Baseline more) {
    Map<LocalDate, Baseline> own =
        days.computeIfAbsent(dependency, id -> new ConcurrentHashMap<>());
    own.keySet().removeIf(each -> each.isBefore(day.minusDays(DAYS - 1)));
    return own.merge(day, more, Baseline::and);
  }

  /** Of all days that are known. */
  Baseline usual(String dependency) {
    return days.getOrDefault(dependency, Map.of()).values().stream()
        .reduce(Baseline.EMPTY, Baseline::and);
  }

  /** Everything was well: its connections count as usual. */
  void learn(Validated validated, Instant now) {
    LocalDate day = now.atOffset(ZoneOffset.UTC).toLocalDate();
    for (Step step : validated.steps()) {
      if (!step.millis().isEmpty()) {
        keep(step.subject(), day, add(step.subject(), day, Baseline.of(step.millis())));
      }
    }
  }

  private void keep(String dependency, LocalDate day, Baseline known) {
    Journal open = journal;
    if (open != null) {
      open.append(KIND, dependency + "@" + day.getDayOfWeek(), day + " " + known.written())
          .whenComplete(
              (kept, fault) -> {
                if (fault != null) {
                  LOG.warn("how long connections took is not kept: {}", fault.getMessage());
                }
              });
    }
  }
}
