package dev.sluice.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** What all readers of one load share. */
final class Reading {
  private final Problems problems = new Problems();
  private final Ids ids = new Ids(problems);
  private final UnaryOperator<String> environment;
  private final Variables variables;
  private final boolean literal;
  private final Map<String, String> origins = new HashMap<>();
  private final List<Consumer<Configuration>> later = new ArrayList<>();

  Reading(UnaryOperator<String> environment) {
    this(environment, false);
  }

  private Reading(UnaryOperator<String> environment, boolean literal) {
    this.environment = environment;
    this.variables = new Variables(environment, problems);
    this.literal = literal;
  }

  /** Of a file that is somebody else's, whose dollars stand for themselves. */
  static Reading literal() {
    return new Reading(name -> null, true);
  }

  Problems problems() {
    return problems;
  }

  Ids ids() {
    return ids;
  }

  /** Puts off a question that needs the whole configuration. */
  void whenWhole(Consumer<Configuration> question) {
    later.add(question);
  }

  /** Asks what was put off, and finds ids that stand for nothing. */
  void finish(Configuration draft) {
    ids.resolve();
    later.forEach(question -> question.accept(draft));
  }

  /**
   * The node as a scalar; null when it is a list, a mapping or empty, or when a variable has no
   * value, which is then a problem.
   */
  @Nullable Scalar scalar(Node node, String name) {
    Place place = YamlFile.place(node);
    if (!(node instanceof ScalarNode scalar)) {
      problems.error(place, name + " must be a single value");
      return null;
    }
    String raw = scalar.getValue();
    Scalar.Kind kind = !literal && Variables.isWhole(raw) ? Scalar.Kind.ANY : kind(scalar);
    if (kind == Scalar.Kind.EMPTY) {
      problems.error(place, name + " has no value", "leave the key out to get the default");
      return null;
    }
    String text = literal ? raw : variables.replaced(raw, place);
    if (text != null && text.isBlank() && kind == Scalar.Kind.ANY) {
      boolean set = variables.fromEnvironment(raw);
      problems.error(
          place,
          name
              + " has no value: "
              + Variables.name(raw)
              + (set ? " is set but empty" : " has an empty default"),
          set ? "unset the variable, or give it a value" : "leave the key out to get the default");
      return null;
    }
    return text == null ? null : new Scalar(text, raw, kind, place);
  }

  UnaryOperator<String> environment() {
    return environment;
  }

  /** Remembers what the file says at a key whose value came from the environment. */
  void origin(String key, Scalar scalar) {
    if (variables.fromEnvironment(scalar.raw())) {
      origins.put(key, scalar.raw());
    }
  }

  Map<String, String> origins() {
    return origins;
  }

  private static Scalar.Kind kind(ScalarNode node) {
    Tag tag = node.getTag();
    if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
      return Scalar.Kind.NUMBER;
    }
    if (tag.equals(Tag.BOOL)) {
      return Scalar.Kind.BOOLEAN;
    }
    if (tag.equals(Tag.NULL)) {
      return Scalar.Kind.EMPTY;
    }
    return node.isPlain() ? Scalar.Kind.TEXT : Scalar.Kind.QUOTED;
  }
}
