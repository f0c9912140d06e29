package dev.sluice.gateway.admin;

import dev.sluice.config.Configuration;
import dev.sluice.gateway.health.Bodies;
import dev.sluice.gateway.health.Html;
import dev.sluice.probes.history.PathFigures;
import dev.sluice.probes.map.DependencyMap;
import dev.sluice.probes.map.DependencyMap.Edge;
import dev.sluice.probes.map.DependencyMap.Node;
import dev.sluice.probes.map.Mermaid;
import dev.sluice.probes.map.Mermaid.Tone;
import dev.sluice.probes.map.RootCause;
import dev.sluice.probes.mode.Posture;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The dependency map with what fails on it now: as JSON, and as a chart. */
final class DependencyView {
  private final DependencyMap map;
  private final List<RootCause> faults;
  private final List<PathFigures> paths;

  /**
   * @param paths how the ways to the dependencies were lately
   */
  DependencyView(Configuration configuration, Posture posture, List<PathFigures> paths) {
    this.map = new DependencyMap(configuration);
    this.faults = RootCause.of(map, posture);
    this.paths = paths;
  }

  /** Every fault once, the worst first. */
  List<RootCause> faults() {
    return faults;
  }

  /**
   * {@code nodes}, {@code edges} between them, {@code paths} to the dependencies as they were in
   * the last minutes, and {@code faults} with all that they concern.
   */
  Map<String, Object> json() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("nodes", map.nodes().stream().map(this::node).toList());
    out.put("edges", map.edges().stream().map(DependencyView::edge).toList());
    out.put("paths", paths.stream().map(DependencyView::path).toList());
    out.put("faults", faults.stream().map(DependencyView::fault).toList());
    return out;
  }

  private Map<String, Object> node(Node node) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("kind", node.kind().label());
    out.put("id", node.id());
    out.put("stands", Bodies.label(tone(node)));
    return out;
  }

  private static Map<String, Object> edge(Edge edge) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("from", name(edge.from()));
    out.put("to", name(edge.to()));
    return out;
  }

  private static String name(Node node) {
    return node.kind().label() + "/" + node.id();
  }

  private static Map<String, Object> path(PathFigures path) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("dependency", path.subject());
    out.put("tier", Bodies.label(path.tier()));
    out.put("p50-ms", path.p50());
    out.put("p99-ms", path.p99());
    out.put("hour-p99-ms", path.hourP99());
    out.put("success", Math.round(path.success() * 1000) / 1000.0);
    out.put("degrading", path.degrading() ? path.sentence() : false);
    return out;
  }

  private static Map<String, Object> fault(RootCause fault) {
    Map<String, Object> out = Bodies.verdict(fault.verdict(), true);
    out.put("explains", fault.subjects());
    out.put("networks", fault.networks());
    out.put("routes", fault.routes());
    return out;
  }

  /** The text of a Mermaid flowchart. */
  String chart() {
    return Mermaid.chart(map, this::tone);
  }

  /** The same as a picture. */
  void draw(Html html) {
    MapDrawing.draw(html, map, this::tone);
  }

  private Tone tone(Node node) {
    Tone worst = Tone.WELL;
    for (RootCause fault : faults) {
      Tone tone = tone(fault, node);
      worst = tone.compareTo(worst) > 0 ? tone : worst;
    }
    return worst;
  }

  private static Tone tone(RootCause fault, Node node) {
    return switch (node.kind()) {
      case ROUTE -> fault.routes().contains(node.id()) ? Tone.AFFECTED : Tone.WELL;
      case NETWORK -> fault.networks().contains(node.id()) ? Tone.FAULTY : Tone.WELL;
      case CONTROL -> Tone.WELL;
      case DEPENDENCY, BACKEND -> {
        boolean own = fault.verdict().subject().equals(node.id()) && fault.networks().isEmpty();
        boolean explained = fault.subjects().contains(node.id());
        yield own ? Tone.FAULTY : explained ? Tone.AFFECTED : Tone.WELL;
      }
    };
  }
}
