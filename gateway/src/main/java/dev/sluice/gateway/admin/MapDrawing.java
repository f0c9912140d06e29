package dev.sluice.gateway.admin;

import dev.sluice.gateway.health.Html;
import dev.sluice.probes.map.DependencyMap;
import dev.sluice.probes.map.DependencyMap.Edge;
import dev.sluice.probes.map.DependencyMap.Kind;
import dev.sluice.probes.map.DependencyMap.Node;
import dev.sluice.probes.map.Mermaid.Tone;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The dependency map as an SVG picture: a column for each kind, from routes down to controls. */
final class MapDrawing {
  private static final int WIDTH = 168;
  private static final int HEIGHT = 34;
  private static final int ACROSS = 60;
  private static final int DOWN = 12;
  private static final int LONGEST = 21;

  private final Html html;
  private final DependencyMap map;
  private final Function<Node, Tone> tone;
  private final Map<Node, int[]> places = new HashMap<>();

  private MapDrawing(Html html, DependencyMap map, Function<Node, Tone> tone) {
    this.html = html;
    this.map = map;
    this.tone = tone;
  }

  /** Draws it; {@code tone} says how a node stands. */
  static void draw(Html html, DependencyMap map, Function<Node, Tone> tone) {
    new MapDrawing(html, map, tone).whole();
  }

  private void whole() {
    Map<Kind, Integer> columns = columns();
    Map<Kind, Integer> rows = new EnumMap<>(Kind.class);
    int most = 0;
    for (Node node : map.nodes()) {
      int row = rows.merge(node.kind(), 1, Integer::sum) - 1;
      most = Math.max(most, row + 1);
      int x = columns.getOrDefault(node.kind(), 0) * (WIDTH + ACROSS) + 4;
      places.put(node, new int[] {x, row * (HEIGHT + DOWN) + 4});
    }
    int width = columns.size() * (WIDTH + ACROSS) - ACROSS + 8;
    int height = most * (HEIGHT + DOWN) + 8;
    html.raw("<div class=scroll tabindex=0 role=region aria-label=\"Dependency map\">");
    html.raw("<svg class=map role=img width=" + width + " height=" + height);
    html.raw(" viewBox=\"0 0 " + width + " " + height + "\"><title>").text(words());
    html.raw("</title>");
    map.edges().forEach(this::edge);
    map.nodes().forEach(this::node);
    html.raw("</svg></div>");
  }

  private Map<Kind, Integer> columns() {
    Map<Kind, Integer> columns = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      boolean there = map.nodes().stream().anyMatch(node -> node.kind() == kind);
      if (there) {
        columns.put(kind, columns.size());
      }
    }
    return columns;
  }

  /** For who cannot see it. */
  private String words() {
    List<Node> faulty = map.nodes().stream().filter(n -> tone.apply(n) == Tone.FAULTY).toList();
    long affected = map.nodes().stream().filter(n -> tone.apply(n) == Tone.AFFECTED).count();
    if (faulty.isEmpty()) {
      return "Routes, backends, dependencies and networks: nothing is broken.";
    }
    String broken = String.join(", ", faulty.stream().map(MapDrawing::name).toList());
    return "Broken: " + broken + "; affected by it: " + affected + " others.";
  }

  private static String name(Node node) {
    return node.kind().label() + " " + node.id();
  }

  private void edge(Edge edge) {
    int[] from = places.getOrDefault(edge.from(), new int[2]);
    int[] to = places.getOrDefault(edge.to(), new int[2]);
    boolean broken = tone.apply(edge.to()) != Tone.WELL && tone.apply(edge.from()) != Tone.WELL;
    int x1 = from[0] + WIDTH;
    int y1 = from[1] + HEIGHT / 2;
    int y2 = to[1] + HEIGHT / 2;
    int bend = (x1 + to[0]) / 2;
    html.raw(
        "<path class=\"%s\" d=\"M%d %dC%d %d %d %d %d %d\"/>"
            .formatted(broken ? "edge hurt" : "edge", x1, y1, bend, y1, bend, y2, to[0], y2));
  }

  private void node(Node node) {
    int[] at = places.getOrDefault(node, new int[2]);
    Tone stands = tone.apply(node);
    String mark = stands == Tone.FAULTY ? "✗ " : stands == Tone.AFFECTED ? "! " : "";
    html.raw("<g class=\"node " + stands.name().toLowerCase(Locale.ROOT) + "\"><title>");
    html.text(name(node)).raw("</title>");
    html.raw("<rect x=%d y=%d width=%d height=%d rx=5 />".formatted(at[0], at[1], WIDTH, HEIGHT));
    html.raw("<text x=%d y=%d class=kind>".formatted(at[0] + 8, at[1] + 13));
    html.text(node.kind().label()).raw("</text>");
    html.raw("<text x=%d y=%d>".formatted(at[0] + 8, at[1] + 28));
    html.text(mark + cut(node.id())).raw("</text></g>");
  }

  private static String cut(String id) {
    return id.length() <= LONGEST ? id : id.substring(0, LONGEST - 1) + "…";
  }
}
