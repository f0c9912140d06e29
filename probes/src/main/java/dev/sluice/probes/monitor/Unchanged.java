package dev.sluice.probes.monitor;

import dev.sluice.config.Configuration;
import dev.sluice.config.Control;
import dev.sluice.config.Dependency;
import dev.sluice.probes.verdict.Vantage;
import java.util.HashSet;
import java.util.Set;

/** What two configurations have in common. Pure. */
final class Unchanged {
  private Unchanged() {}

  /**
   * The ids of dependencies, controls and backends that are the same in both: the same target,
   * probed in the same way from the same vantage.
   */
  static Set<String> ids(Configuration before, Configuration after) {
    Set<String> ids = new HashSet<>();
    for (Dependency d : after.dependencies()) {
      boolean seenAlike = Vantage.of(before, d.id()) == Vantage.of(after, d.id());
      if (seenAlike && before.dependencies().contains(d)) {
        ids.add(d.id());
      }
    }
    after.controls().stream()
        .filter(before.controls()::contains)
        .map(Control::id)
        .forEach(ids::add);
    after.backends().stream()
        .filter(before.backends()::contains)
        .forEach(backend -> ids.add(backend.id()));
    return ids;
  }
}
