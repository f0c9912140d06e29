package dev.sluice.probes.verdict;

import dev.sluice.config.Network;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the widest network all of whose probed members are lost. */
final class Ways {
  private final Scene scene;

  Ways(Scene scene) {
    this.scene = scene;
  }

  /** EGRESS, VPC_PATH or SERVICE_ACCESS; null when the fault is narrower than a network. */
  @Nullable Detail broken() {
    boolean everything =
        scene.peers().stream().anyMatch(p -> kind(p.network()) == Network.Kind.EGRESS)
            && scene.peers().stream().allMatch(Peer::lost);
    if (everything) {
      return Detail.EGRESS;
    }
    for (String id : outermostFirst(scene.network())) {
      List<Peer> members = scene.peers().stream().filter(p -> runsOver(p.network(), id)).toList();
      if (!members.isEmpty() && members.stream().allMatch(Peer::lost)) {
        return detail(kind(id));
      }
    }
    return null;
  }

  /** True when a peer on one of the subject's networks was reached. */
  boolean vouchedFor() {
    List<String> own = outermostFirst(scene.network());
    return scene.peers().stream()
        .anyMatch(p -> p.reached() && own.stream().anyMatch(id -> runsOver(p.network(), id)));
  }

  private static Detail detail(Network.@Nullable Kind kind) {
    if (kind == Network.Kind.EGRESS) {
      return Detail.EGRESS;
    }
    return kind == Network.Kind.PRIVATE_SERVICE_ACCESS ? Detail.SERVICE_ACCESS : Detail.VPC_PATH;
  }

  private boolean runsOver(@Nullable String from, String id) {
    return outermostFirst(from).contains(id);
  }

  private List<String> outermostFirst(@Nullable String from) {
    List<String> way = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    String at = from;
    while (at != null && seen.add(at)) {
      way.add(0, at);
      Network network = find(at);
      at = network == null ? null : network.through();
    }
    return way;
  }

  private Network.@Nullable Kind kind(@Nullable String id) {
    Network network = id == null ? null : find(id);
    return network == null ? null : network.kind();
  }

  private @Nullable Network find(String id) {
    return scene.networks().stream().filter(n -> n.id().equals(id)).findFirst().orElse(null);
  }
}
