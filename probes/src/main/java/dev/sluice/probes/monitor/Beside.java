package dev.sluice.probes.monitor;

import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Peer;
import dev.sluice.probes.verdict.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What agents beside the backend saw lately of one dependency; touched by one thread. */
final class Beside {
  private static final int KEPT = 3;
  private static final int MOST_AGENTS = 16;
  private static final Duration LEAST = Duration.ofSeconds(15);

  private final long fresh;
  private final Map<String, Seen> agents = new LinkedHashMap<>();

  /**
   * @param interval how often an agent looks while all is well
   */
  Beside(Duration interval) {
    Duration three = interval.multipliedBy(3);
    fresh = (three.compareTo(LEAST) > 0 ? three : LEAST).toNanos();
  }

  /** One agent's view. */
  static final class Seen {
    final List<Climb> climbs = new ArrayList<>(KEPT + 1);
    List<Peer> peers = List.of();
    boolean wellOnce;
    @Nullable Verdict verdict;
    private long heard;

    Climb last() {
      return climbs.get(climbs.size() - 1);
    }
  }

  /** Takes a climb of an agent's; its view with that. */
  Seen add(String agent, Climb climb, List<Peer> peers, long now) {
    Seen seen = agents.remove(agent);
    seen = seen == null ? new Seen() : seen;
    seen.climbs.add(climb);
    if (seen.climbs.size() > KEPT) {
      seen.climbs.remove(0);
    }
    seen.peers = List.copyOf(peers);
    seen.wellOnce |= climb.ok();
    seen.heard = now;
    agents.put(agent, seen);
    if (agents.size() > MOST_AGENTS) {
      agents.remove(agents.keySet().iterator().next());
    }
    return seen;
  }

  /**
   * The view that counts: where half of the agents that were heard lately fail, the last that does,
   * else the last that does not. Null where none was heard lately.
   */
  @Nullable Seen telling(long now) {
    agents.values().removeIf(seen -> now - seen.heard > fresh);
    List<Seen> failing = agents.values().stream().filter(seen -> !seen.last().ok()).toList();
    List<Seen> well = agents.values().stream().filter(seen -> seen.last().ok()).toList();
    List<Seen> telling = !failing.isEmpty() && failing.size() >= well.size() ? failing : well;
    return telling.isEmpty() ? null : telling.get(telling.size() - 1);
  }
}
