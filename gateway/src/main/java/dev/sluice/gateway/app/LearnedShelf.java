package dev.sluice.gateway.app;

import dev.sluice.fallback.store.Journal;
import dev.sluice.probes.breaker.Learned;
import dev.sluice.probes.breaker.Lesson;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what breakers learn in the store, so that it survives a restart. Without a store it lasts
 * as long as the process; what is learnt before the store is open is kept with the next lesson.
 */
final class LearnedShelf {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.monitor");
  private static final String KIND = "breaker";

  private volatile @Nullable Journal journal;

  /** The store is open: hands over what an earlier run learnt. */
  void opened(Journal opened, Consumer<Map<String, Learned>> recall) {
    journal = opened;
    opened
        .latest(KIND)
        .whenComplete(
            (notes, fault) -> {
              if (fault != null) {
                LOG.warn("what breakers learnt earlier could not be read: {}", fault.getMessage());
              } else {
                recall.accept(read(notes));
              }
            });
  }

  private static Map<String, Learned> read(Map<String, String> notes) {
    Map<String, Learned> earlier = new HashMap<>();
    notes.forEach(
        (id, text) -> {
          Learned learned = Learned.read(text);
          if (learned == null) {
            LOG.warn("what the breaker {} learnt earlier is not understood and is left out", id);
          } else {
            earlier.put(id, learned);
          }
        });
    return earlier;
  }

  /** Keeps a lesson; never blocks. */
  void keep(Lesson lesson) {
    Journal open = journal;
    if (open != null) {
      open.append(KIND, lesson.id(), lesson.learned().written())
          .whenComplete(
              (kept, fault) -> {
                if (fault != null) {
                  LOG.warn("what {} learnt is not kept: {}", lesson.id(), fault.getMessage());
                }
              });
    }
  }
}
