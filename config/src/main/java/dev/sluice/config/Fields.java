package dev.sluice.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * One mapping while it is read. Every key asked for becomes known; {@link #end()} then reports the
 * keys that nobody asked for. What cannot be read is a problem, and its default is returned so that
 * reading goes on.
 */
final class Fields {
  private final Reading reading;
  private final Place place;
  private final String path;
  private final Values values;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Map<String, Place> places = new LinkedHashMap<>();
  private final Set<String> known = new LinkedHashSet<>();
  private boolean broken;

  private Fields(Reading reading, Place place, String path) {
    this.reading = reading;
    this.place = place;
    this.path = path;
    this.values = new Values(reading.problems());
  }

  /** The root of a file. */
  Fields(Reading reading, MappingNode mapping) {
    this(reading, mapping, "");
  }

  private Fields(Reading reading, MappingNode mapping, String path) {
    this(reading, YamlFile.place(mapping), path);
    mapping.getValue().forEach(this::add);
  }

  private void add(NodeTuple tuple) {
    Place at = YamlFile.place(tuple.getKeyNode());
    if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
      problems().error(at, "a key must be plain text");
      return;
    }
    Place first = places.putIfAbsent(key.getValue(), at);
    if (first == null) {
      nodes.put(key.getValue(), tuple.getValueNode());
    } else {
      problems().error(at, "key '" + key.getValue() + "' is given twice", "first at " + first);
    }
  }

  Place place() {
    return place;
  }

  /** The place of the key's value; of the mapping where the key is missing. */
  Place place(String key) {
    Node node = nodes.get(key);
    return node == null ? place : YamlFile.place(node);
  }

  Problems problems() {
    return reading.problems();
  }

  Reading reading() {
    return reading;
  }

  boolean has(String key) {
    known.add(key);
    return nodes.containsKey(key);
  }

  /** The keys of a mapping that are the file's own words. */
  List<Scalar> keys() {
    return places.entrySet().stream()
        .map(k -> new Scalar(k.getKey(), k.getKey(), Scalar.Kind.TEXT, k.getValue()))
        .toList();
  }

  @Nullable Scalar scalar(String key) {
    known.add(key);
    Node node = nodes.get(key);
    Scalar scalar = node == null ? null : reading.scalar(node, key);
    if (scalar != null) {
      reading.origin(path + key, scalar);
    }
    return scalar;
  }

  /** Text that must be there; null after a problem. */
  @Nullable Scalar requiredScalar(String key) {
    if (!has(key) && !broken) {
      problems().error(place, "'" + key + "' is missing");
    }
    return textScalar(key);
  }

  String text(String key, String otherwise) {
    Scalar scalar = textScalar(key);
    return scalar == null ? otherwise : scalar.text();
  }

  /** The key's text and its place; null when it is missing, empty or not text. */
  @Nullable Scalar textScalar(String key) {
    Scalar scalar = scalar(key);
    return scalar == null ? null : values.text(scalar, key);
  }

  int number(String key, int otherwise, int least, int most) {
    Scalar scalar = scalar(key);
    return scalar == null ? otherwise : values.number(scalar, key, otherwise, least, most);
  }

  boolean flag(String key, boolean otherwise) {
    Scalar scalar = scalar(key);
    return scalar == null ? otherwise : values.flag(scalar, key, otherwise);
  }

  Duration duration(String key, Duration otherwise) {
    Scalar scalar = scalar(key);
    return scalar == null ? otherwise : values.duration(scalar, key, otherwise);
  }

  long bytes(String key, long otherwise, long most) {
    Scalar scalar = scalar(key);
    return scalar == null ? otherwise : values.bytes(scalar, key, otherwise, most);
  }

  /** One constant of an enumeration, written in kebab-case. */
  <E extends Enum<E>> E choice(String key, E otherwise) {
    Scalar scalar = scalar(key);
    return scalar == null ? otherwise : values.choice(scalar, key, otherwise);
  }

  /** The texts of a list; null when the key is missing. */
  @Nullable List<Scalar> texts(String key) {
    List<Scalar> texts = new ArrayList<>();
    if (!has(key)) {
      return null;
    }
    for (Node node : items(key)) {
      Scalar text = item(key, node);
      if (text != null) {
        texts.add(text);
      }
    }
    return texts;
  }

  /** One text of a list; null after a problem. */
  @Nullable Scalar item(String key, Node node) {
    Scalar scalar = reading.scalar(node, "an item of " + key);
    Scalar text = scalar == null ? null : values.text(scalar, "an item of " + key);
    if (text != null) {
      reading.origin(path + key + "=" + text.text(), text);
    }
    return text;
  }

  /** The nodes of a list; none when the key is missing or no list. */
  List<Node> items(String key) {
    known.add(key);
    Node node = nodes.get(key);
    if (node == null) {
      return List.of();
    }
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    problems().error(YamlFile.place(node), key + " must be a list");
    return List.of();
  }

  /** The mapping under the key; one without keys when it is missing or no mapping. */
  Fields section(String key) {
    known.add(key);
    Node node = nodes.get(key);
    if (node == null) {
      return new Fields(reading, place, path + key + ".");
    }
    return of(reading, node, key, path + key + ".");
  }

  /** The item of a list that is the {@code index}th of all files. */
  static Fields item(Reading reading, Node node, String key, int index) {
    return of(reading, node, "an item of " + key, key + "[" + index + "].");
  }

  private static Fields of(Reading reading, Node node, String name, String path) {
    if (node instanceof MappingNode mapping) {
      return new Fields(reading, mapping, path);
    }
    reading.problems().error(YamlFile.place(node), name + " must be a mapping");
    Fields none = new Fields(reading, YamlFile.place(node), path);
    none.broken = true;
    return none;
  }

  /** Reports every key that was not asked for. */
  void end() {
    for (Map.Entry<String, Place> key : places.entrySet()) {
      if (!known.contains(key.getKey())) {
        problems()
            .error(key.getValue(), "unknown key '" + key.getKey() + "'", keyHint(key.getKey()));
      }
    }
  }

  private String keyHint(String key) {
    String near = Nearest.hint(key, known);
    return near == null ? "known here: " + String.join(", ", known) : near;
  }
}
