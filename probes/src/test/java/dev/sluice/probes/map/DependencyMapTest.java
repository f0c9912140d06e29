package dev.sluice.probes.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.probes.map.DependencyMap.Edge;
import dev.sluice.probes.map.DependencyMap.Kind;
import dev.sluice.probes.map.DependencyMap.Node;
import java.util.List;
import org.junit.jupiter.api.Test;

class DependencyMapTest {
  private final DependencyMap map = new DependencyMap(RouteFile.read());

  private static String text(Edge edge) {
    return text(edge.from()) + " > " + text(edge.to());
  }

  private static String text(Node node) {
    return node.kind().label() + " " + node.id();
  }

  @Test
  void everyPartIsThereOnce() {
    assertThat(map.nodes()).hasSize(5 + 3 + 4 + 3 + 2).doesNotHaveDuplicates();
    assertThat(map.nodes().get(0)).isEqualTo(new Node(Kind.ROUTE, "orders-api"));
  }

  @Test
  void edgesLeadFromRoutesDownToControls() {
    List<String> edges = map.edges().stream().map(DependencyMapTest::text).toList();
    assertThat(edges)
        .containsExactlyInAnyOrder(
            "route orders-api > backend orders",
            "route orders-docs > backend orders",
            "route orders-mail > backend orders",
            "route orders-mail > dependency mail",
            "route stock-api > backend stock",
            "route site > backend pages",
            "backend orders > dependency orders-db",
            "backend orders > dependency cache",
            "backend stock > dependency stock-db",
            "dependency orders-db > network psa",
            "dependency stock-db > network psa",
            "dependency cache > network vpc",
            "dependency mail > network internet",
            "network psa > network vpc",
            "network vpc > control bastion",
            "network internet > control google");
    assertThat(map.nodes()).containsAll(map.edges().stream().map(Edge::to).toList());
  }

  @Test
  void aRouteNeedsWhatItUsesAndTheNetworksOnTheWay() {
    assertThat(routes(Kind.DEPENDENCY, "orders-db")).containsExactly("orders-api");
    assertThat(routes(Kind.DEPENDENCY, "mail")).containsExactly("orders-mail");
    assertThat(routes(Kind.NETWORK, "vpc")).containsExactly("orders-api", "stock-api");
    assertThat(routes(Kind.NETWORK, "internet")).containsExactly("orders-mail");
    assertThat(routes(Kind.BACKEND, "orders"))
        .containsExactly("orders-api", "orders-docs", "orders-mail");
    assertThat(routes(Kind.ROUTE, "site")).containsExactly("site");
    assertThat(routes(Kind.CONTROL, "bastion")).isEmpty();
    assertThat(map.networks("orders-db")).containsExactly("psa", "vpc");
    assertThat(map.networks("nobody")).isEmpty();
  }

  private List<String> routes(Kind kind, String id) {
    return map.routesOver(new Node(kind, id));
  }

  @Test
  void theChartNamesEveryNodeAndEdgeAndMarksFaults() {
    String chart =
        Mermaid.chart(
            map,
            node ->
                switch (node.id()) {
                  case "orders-db" -> Mermaid.Tone.FAULTY;
                  case "orders-api" -> Mermaid.Tone.AFFECTED;
                  default -> Mermaid.Tone.WELL;
                });
    assertThat(chart)
        .startsWith("flowchart LR\n")
        .contains("  n0[\"! route<br>orders-api\"]:::affected\n")
        .contains("[\"✗ dependency<br>orders-db\"]:::faulty\n")
        .contains("[\"network<br>vpc\"]\n")
        .contains("  n0 --> n5\n");
    assertThat(chart.lines().filter(line -> line.contains(" --> "))).hasSize(16);
  }
}
