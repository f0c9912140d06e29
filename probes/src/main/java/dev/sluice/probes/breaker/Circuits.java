package dev.sluice.probes.breaker;

import dev.sluice.config.Backend;
import dev.sluice.config.Breaker;
import dev.sluice.config.Configuration;
import dev.sluice.config.Dependency;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The breakers of one configuration; never changed. */
record Circuits(
    Map<String, Circuit> dependencies,
    Map<String, Circuit> backends,
    Map<String, List<String>> needs) {
  static final Circuits NONE = new Circuits(Map.of(), Map.of(), Map.of());

  /** Makes one breaker, closed. */
  @FunctionalInterface
  interface Maker {
    Circuit make(String id, Breaker settings, boolean dependency);
  }

  /**
   * @param same ids whose breakers live on, whatever their state
   * @param learned by id of a dependency
   */
  static Circuits of(
      Configuration configuration,
      Set<String> same,
      Circuits before,
      Map<String, Learned> learned,
      Maker maker) {
    Map<String, Circuit> dependencies = new HashMap<>();
    Map<String, Circuit> backends = new HashMap<>();
    Map<String, List<String>> needs = new HashMap<>();
    Breaker file = configuration.breaker();
    for (Dependency d : configuration.dependencies()) {
      Circuit known = same.contains(d.id()) ? before.dependencies.get(d.id()) : null;
      Breaker settings = Learned.apply(learned.get(d.id()), file);
      dependencies.put(d.id(), following(known, d.id(), settings, true, maker));
    }
    for (Backend b : configuration.backends()) {
      Circuit known = same.contains(b.id()) ? before.backends.get(b.id()) : null;
      backends.put(b.id(), following(known, b.id(), file, false, maker));
      needs.put(b.id(), configuration.dependenciesOf(b));
    }
    return new Circuits(dependencies, backends, needs);
  }

  private static Circuit following(
      @Nullable Circuit known, String id, Breaker settings, boolean dependency, Maker maker) {
    if (known == null) {
      return maker.make(id, settings, dependency);
    }
    known.follow(settings);
    return known;
  }

  @Nullable Circuit of(String id) {
    Circuit circuit = dependencies.get(id);
    return circuit == null ? backends.get(id) : circuit;
  }

  Stream<Circuit> all() {
    return Stream.concat(dependencies.values().stream(), backends.values().stream());
  }

  /** Those of the ids that are dependencies. */
  Circuit[] needed(List<String> dependencyIds) {
    List<Circuit> found = new ArrayList<>(dependencyIds.size());
    for (String id : dependencyIds) {
      Circuit circuit = dependencies.get(id);
      if (circuit != null) {
        found.add(circuit);
      }
    }
    return found.toArray(Circuit[]::new);
  }
}
