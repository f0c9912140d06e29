package dev.sluice.probes.verdict;

import dev.sluice.config.Network;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All that is known when one dependency is judged.
 *
 * @param climbs its own, the latest last; at least one
 * @param network the network of its way; null when its file names none
 * @param peers the latest climbs of controls and other dependencies
 * @param report what its backend says; null when there is none or nothing was heard
 * @param sessions who held its connections when last seen; null when never
 * @param proven it worked at least once
 * @param previous the last verdict; null before the first
 */
public record Scene(
    String subject,
    List<Climb> climbs,
    @Nullable String network,
    List<Network> networks,
    List<Peer> peers,
    @Nullable Report report,
    Passive passive,
    @Nullable Sessions sessions,
    boolean proven,
    @Nullable Verdict previous,
    Instant now) {
  public Scene {
    climbs = List.copyOf(climbs);
    networks = List.copyOf(networks);
    peers = List.copyOf(peers);
  }

  Climb last() {
    return climbs.get(climbs.size() - 1);
  }

  /** How many of the latest climbs failed in the same way. */
  int agreeing() {
    return agreeing(climbs);
  }

  /** How many of the latest of these climbs failed in the same way. */
  public static int agreeing(List<Climb> climbs) {
    Sample last = climbs.isEmpty() ? null : climbs.get(climbs.size() - 1).telling();
    int count = 0;
    for (int i = climbs.size() - 1; i >= 0; i--) {
      Sample failed = climbs.get(i).telling();
      if (last == null || failed == null || !alike(last, failed)) {
        break;
      }
      count++;
    }
    return count;
  }

  /** Cut off while connecting is one failure, whichever packet met the end of the connection. */
  private static boolean alike(Sample one, Sample other) {
    return (cutOff(one) && cutOff(other)) || same(one, other);
  }

  private static boolean cutOff(Sample sample) {
    return sample.rung().compareTo(Rung.AUTHENTICATION) <= 0
        && (Signal.RESET.equals(sample.signal()) || Signal.EOF.equals(sample.signal()));
  }

  private static boolean same(Sample one, Sample other) {
    return one.ok() == other.ok()
        && one.rung() == other.rung()
        && Objects.equals(one.signal(), other.signal())
        && Objects.equals(one.serverState(), other.serverState());
  }
}
