package dev.sluice.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * The dependencies that a backend or route names: all of them in their order, and for those where
 * it is said whether they are required.
 */
record Needs(List<String> ids, Map<String, Boolean> required) {
  static final Needs NONE = new Needs(List.of(), Map.of());

  /** Those that a list means, as ids or as {@code {id, required}}; null when the key is missing. */
  static @Nullable Needs read(Fields f, String key) {
    if (!f.has(key)) {
      return null;
    }
    Map<String, @Nullable Boolean> found = new LinkedHashMap<>();
    int index = 0;
    for (Node node : f.items(key)) {
      one(f, key, node, index, found);
      index++;
    }
    Map<String, Boolean> said = new LinkedHashMap<>();
    found.forEach(
        (id, required) -> {
          if (required != null) {
            said.put(id, required);
          }
        });
    return new Needs(List.copyOf(found.keySet()), said);
  }

  private static void one(
      Fields f, String key, Node node, int index, Map<String, @Nullable Boolean> found) {
    @Nullable Scalar id;
    @Nullable Boolean required = null;
    if (node instanceof MappingNode) {
      Fields item = Fields.item(f.reading(), node, key, index);
      id = item.requiredScalar("id");
      required = item.has("required") ? item.flag("required", true) : null;
      item.end();
    } else {
      id = f.item(key, node);
    }
    if (id == null) {
      return;
    }
    if (found.containsKey(id.text())) {
      f.problems().error(id.place(), key + " names " + id.said() + " twice");
    } else {
      f.reading().ids().mean(Ids.Kind.DEPENDENCY, id);
      found.put(id.text(), required);
    }
  }
}
