package dev.sluice.config;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Controls of Google Cloud where the files name the platform and none of their own: an HTTPS API
 * off the private network, and private Google access on it. Without them a connect timeout cannot
 * tell the way from the instance.
 */
final class BuiltInControls {
  /**
   * One of the four addresses of {@code private.googleapis.com} ("Configure Private Google
   * Access").
   */
  private static final Target ON_THE_PATH = new Target.Tcp("199.36.153.8", 443);

  private static final Target OFF_THE_PATH =
      new Target.Http(URI.create("https://storage.googleapis.com"));
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private BuiltInControls() {}

  /** The same with the controls that stand in, and with the network that one of them needs. */
  static Configuration added(Configuration draft, Place place) {
    Optional<Network> path =
        draft.networks().stream().filter(n -> n.kind() == Network.Kind.VPC_CONNECTOR).findFirst();
    boolean wanted = draft.operation().platform() != null && draft.controls().isEmpty();
    if (!wanted || path.isEmpty() || taken(draft)) {
      return draft;
    }
    List<Network> networks = new ArrayList<>(draft.networks());
    Network egress =
        networks.stream()
            .filter(n -> n.kind() == Network.Kind.EGRESS)
            .findFirst()
            .orElseGet(() -> new Network("internet", Network.Kind.EGRESS, null, place));
    if (!networks.contains(egress)) {
      networks.add(egress);
    }
    List<Control> controls =
        List.of(
            new Control("google-apis", OFF_THE_PATH, egress.id(), INTERVAL, place),
            new Control("private-google-access", ON_THE_PATH, path.get().id(), INTERVAL, place));
    return draft.with(networks, controls);
  }

  /** A file that uses the names for something else keeps them. */
  private static boolean taken(Configuration draft) {
    List<String> names = List.of("google-apis", "private-google-access", "internet");
    return draft.dependencies().stream().anyMatch(d -> names.contains(d.id()))
        || draft.backends().stream().anyMatch(b -> names.contains(b.id()))
        || draft.networks().stream()
            .anyMatch(n -> n.id().equals("internet") && n.kind() != Network.Kind.EGRESS);
  }
}
