package dev.sluice.probes.map;

import dev.sluice.probes.map.DependencyMap.Edge;
import dev.sluice.probes.map.DependencyMap.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** A map as the text of a Mermaid flowchart, which GitHub and many wikis draw. */
public final class Mermaid {
  /** How a node stands; the chart shows it by colour and by a mark. */
  public enum Tone {
    WELL(""),
    AFFECTED("! "),
    FAULTY("✗ ");

    private final String mark;

    Tone(String mark) {
      this.mark = mark;
    }
  }

  private Mermaid() {}

  /** The chart, from left to right; {@code tone} says how a node stands. */
  public static String chart(DependencyMap map, Function<Node, Tone> tone) {
    StringBuilder text = new StringBuilder("flowchart LR\n");
    text.append("  classDef faulty fill:#f8d7da,stroke:#b02a37,color:#58151c\n");
    text.append("  classDef affected fill:#fff3cd,stroke:#997404,color:#332701\n");
    Map<Node, String> names = new HashMap<>();
    List<Node> nodes = map.nodes();
    for (int i = 0; i < nodes.size(); i++) {
      names.put(nodes.get(i), "n" + i);
      node(text, "n" + i, nodes.get(i), tone.apply(nodes.get(i)));
    }
    for (Edge edge : map.edges()) {
      text.append("  ").append(names.get(edge.from())).append(" --> ");
      text.append(names.get(edge.to())).append('\n');
    }
    return text.toString();
  }

  private static void node(StringBuilder text, String name, Node node, Tone tone) {
    text.append("  ").append(name).append("[\"").append(tone.mark);
    text.append(node.kind().label()).append("<br>").append(escaped(node.id())).append("\"]");
    if (tone != Tone.WELL) {
      text.append(":::").append(tone.name().toLowerCase(Locale.ROOT));
    }
    text.append('\n');
  }

  /** Ids are words by the schema; this holds whatever the schema becomes. */
  private static String escaped(String id) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      boolean plain = Character.isLetterOrDigit(c) || "-_. ".indexOf(c) >= 0;
      text.append(plain ? Character.toString(c) : "#" + (int) c + ";");
    }
    return text.toString();
  }
}
