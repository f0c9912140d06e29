package dev.sluice.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlVersionException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The text of one route file to its root mapping. */
final class YamlFile {
  private static final int DEEPEST = 24;

  private final String name;
  private final Problems problems;

  YamlFile(String name, Problems problems) {
    this.name = name;
    this.problems = problems;
  }

  /** In one piece: SnakeYAML Engine fails where its buffer ends within a pair of surrogates. */
  private LoadSettings settings(String text) {
    return LoadSettings.builder()
        .setLabel(name)
        .setAllowDuplicateKeys(true)
        .setAllowNonScalarKeys(true)
        .setUseMarks(true)
        .setBufferSize(text.length() + 2)
        .build();
  }

  static Place place(Optional<Mark> mark, String otherwise) {
    return mark.map(m -> new Place(m.getName(), m.getLine() + 1, m.getColumn() + 1))
        .orElse(new Place(otherwise, 1, 1));
  }

  static Place place(Node node) {
    return place(node.getStartMark(), "?");
  }

  /** The root mapping; null when the text holds none, which is then a problem. */
  @Nullable MappingNode root(String text) {
    try {
      if (!plain(text)) {
        return null;
      }
      Optional<Node> root = new Compose(settings(text)).composeString(text);
      return root.isPresent() && !scalarKeys(root.get()) ? null : mapping(root);
    } catch (MarkedYamlEngineException e) {
      problems.error(
          place(e.getProblemMark().or(e::getContextMark), name),
          SyntaxFault.message(e),
          SyntaxFault.hint(e, text));
    } catch (YamlVersionException e) {
      problems.error(directive(text), "this is not YAML 1.2", "leave the %YAML line out");
    } catch (YamlEngineException e) {
      problems.error(start(), "not YAML: " + e.getMessage());
    }
    return null;
  }

  private Place directive(String text) {
    int before = (int) text.lines().takeWhile(line -> !line.startsWith("%YAML")).count();
    return new Place(name, before + 1, 1);
  }

  /** Whether every key in the tree is a scalar; each that is none is a problem. */
  private boolean scalarKeys(Node node) {
    boolean good = true;
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (!(tuple.getKeyNode() instanceof ScalarNode)) {
          boolean braces = tuple.getKeyNode() instanceof MappingNode;
          problems.error(
              place(tuple.getKeyNode()),
              "a key must be plain text",
              braces ? SyntaxFault.TEMPLATE : "quote it when it is text");
          good = false;
        }
        good &= scalarKeys(tuple.getValueNode());
      }
    } else if (node instanceof SequenceNode sequence) {
      for (Node item : sequence.getValue()) {
        good &= scalarKeys(item);
      }
    }
    return good;
  }

  private @Nullable MappingNode mapping(Optional<Node> root) {
    if (root.isEmpty()) {
      problems.error(start(), "the file is empty", "a route file names backends and routes");
      return null;
    }
    if (root.get() instanceof MappingNode mapping) {
      return mapping;
    }
    problems.error(place(root.get()), "a route file is a mapping such as 'routes: [...]'");
    return null;
  }

  /** Reads the events alone first: what could blow up while nodes are built is refused here. */
  private boolean plain(String text) {
    int depth = 0;
    int documents = 0;
    boolean good = true;
    for (Event event : new Parse(settings(text)).parseString(text)) {
      depth += event instanceof CollectionStartEvent ? 1 : 0;
      depth -= event instanceof CollectionEndEvent ? 1 : 0;
      documents += event instanceof DocumentStartEvent ? 1 : 0;
      if (depth > DEEPEST) {
        problems.error(place(event.getStartMark(), name), "nested deeper than " + DEEPEST);
        return false;
      }
      if (event instanceof DocumentStartEvent && documents > 1) {
        problems.error(
            place(event.getStartMark(), name),
            "a second document in one file",
            "give each its own file");
        return false;
      }
      good &= noAnchor(event);
    }
    return good;
  }

  private boolean noAnchor(Event event) {
    boolean anchored = event instanceof NodeEvent node && node.getAnchor().isPresent();
    if (anchored) {
      String what = event instanceof AliasEvent ? "an alias (*)" : "an anchor (&)";
      problems.error(
          place(event.getStartMark(), name),
          what + " is not allowed in a route file",
          "write the value out, or quote it when it is text");
    }
    return !anchored;
  }

  private Place start() {
    return new Place(name, 1, 1);
  }
}
