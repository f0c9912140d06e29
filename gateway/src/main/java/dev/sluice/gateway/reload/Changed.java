package dev.sluice.gateway.reload;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ids of one kind that came, went or say something else than before. */
public record Changed(List<String> added, List<String> removed, List<String> changed) {
  public Changed {
    added = List.copyOf(added);
    removed = List.copyOf(removed);
    changed = List.copyOf(changed);
  }

  /** True when nothing came, went or changed. */
  public boolean none() {
    return added.isEmpty() && removed.isEmpty() && changed.isEmpty();
  }

  /** The lists that are not empty, by name. */
  public Map<String, List<String>> shown() {
    Map<String, List<String>> shown = new LinkedHashMap<>();
    shown.put("added", added);
    shown.put("removed", removed);
    shown.put("changed", changed);
    shown.values().removeIf(List::isEmpty);
    return shown;
  }
}
