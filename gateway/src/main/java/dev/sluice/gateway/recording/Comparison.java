package dev.sluice.gateway.recording;

import dev.sluice.probes.mode.ServiceMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What was done in a recording beside what was done when it was gone through again. Pure. */
public final class Comparison {
  private Comparison() {}

  /** One act; null where it was not done. Of both one at least was. */
  public record Pair(@Nullable Act recorded, @Nullable Act replayed) {
    /** The act, whoever did it. */
    public Act act() {
      return Objects.requireNonNull(recorded == null ? replayed : recorded);
    }

    /** When it was first done by either. */
    Instant first() {
      Act one = act();
      return replayed != null && replayed.at().isBefore(one.at()) ? replayed.at() : one.at();
    }
  }

  /**
   * The first of what is alike with the first, the second with the second; in the order of time.
   * That all is well at first is no act: one of both may have begun before. An alert is alike
   * whatever it was first about: of a fault and its consequences either may be seen first.
   */
  public static List<Pair> of(List<Act> recorded, List<Act> replayed) {
    List<Act> left = new ArrayList<>(withoutBegin(replayed));
    List<Pair> pairs = new ArrayList<>();
    for (Act act : withoutBegin(recorded)) {
      Act same = left.stream().filter(act::isLike).findFirst().orElseGet(() -> told(act, left));
      if (same != null) {
        left.remove(same);
      }
      pairs.add(new Pair(act, same));
    }
    left.forEach(act -> pairs.add(new Pair(null, act)));
    pairs.sort(Comparator.comparing(Pair::first));
    return pairs;
  }

  private static @Nullable Act told(Act alert, List<Act> others) {
    return others.stream()
        .filter(other -> other.kind() == Act.Kind.ALERT && alert.kind() == Act.Kind.ALERT)
        .filter(other -> other.what().equals(alert.what()))
        .findFirst()
        .orElse(null);
  }

  private static List<Act> withoutBegin(List<Act> acts) {
    boolean begins =
        !acts.isEmpty()
            && acts.get(0).kind() == Act.Kind.MODE
            && acts.get(0).what().equals(ServiceMode.FULL.label());
    return begins ? acts.subList(1, acts.size()) : acts;
  }
}
