package dev.sluice.gateway.app;

import dev.sluice.config.Configuration;
import dev.sluice.config.KeyPairs;
import dev.sluice.config.Listen;
import dev.sluice.config.Store;
import dev.sluice.fallback.cache.Runway;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.queue.WriteStore;
import dev.sluice.gateway.alerts.Signs;
import dev.sluice.gateway.proxy.Snapshot;
import dev.sluice.gateway.validate.Revalidated;
import dev.sluice.probes.validation.Ruling;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what may be worth a word before it fails; disk and certificates once a minute. Belongs to
 * one thread, which it may block for the time of a file's read.
 */
final class Watchfulness {
  private static final Duration LOOKS = Duration.ofMinutes(1);
  private static final List<WriteState> PARKED = List.of(WriteState.DEAD, WriteState.AMBIGUOUS);

  private final Supplier<Snapshot> snapshot;
  private Instant looked = Instant.MIN;
  private @Nullable Integer free;
  private @Nullable Instant firstEnd;

  Watchfulness(Supplier<Snapshot> snapshot) {
    this.snapshot = snapshot;
  }

  Signs signs(
      Instant now,
      ControlLog control,
      @Nullable WriteStore store,
      Set<String> orphaned,
      List<Runway> runways,
      List<Revalidated> validations) {
    if (looked.isBefore(now.minus(LOOKS))) {
      looked = now;
      Configuration configuration = snapshot.get().configuration();
      free = free(configuration.store());
      firstEnd = firstEnd(configuration.listen().tls());
    }
    Map<WriteState, Long> counts = store == null ? Map.of() : store.counts();
    return new Signs(
        control.paths(),
        control.pools(),
        runways,
        store == null ? null : store.oldestAge(),
        PARKED.stream().mapToLong(state -> counts.getOrDefault(state, 0L)).sum(),
        orphaned,
        free,
        firstEnd,
        regressions(validations));
  }

  /** Of each schedule the last result, where that is not well. */
  private static List<Revalidated> regressions(List<Revalidated> latest) {
    Set<String> seen = new HashSet<>();
    return latest.stream()
        .filter(each -> each.trigger() == Revalidated.Trigger.SCHEDULE && seen.add(each.subject()))
        .filter(each -> each.validated().ruling() == Ruling.NOT_FIXED)
        .toList();
  }

  /** Null where there is no disk, or it cannot be asked yet. */
  private static @Nullable Integer free(@Nullable Store kept) {
    Path folder =
        kept == null || kept.path().isEmpty()
            ? null
            : Path.of(kept.path()).toAbsolutePath().getParent();
    if (folder == null) {
      return null;
    }
    try {
      FileStore disk = Files.getFileStore(folder);
      long all = disk.getTotalSpace();
      return all <= 0 ? null : (int) (disk.getUsableSpace() * 100.0 / all);
    } catch (IOException e) {
      return null;
    }
  }

  private static @Nullable Instant firstEnd(Listen.@Nullable Tls tls) {
    return tls == null
        ? null
        : tls.certificates().stream()
            .map(each -> KeyPairs.end(Path.of(each.chain())))
            .filter(Objects::nonNull)
            .min(Comparator.naturalOrder())
            .orElse(null);
  }
}
