package dev.sluice.probes.ladder;

import dev.sluice.probes.verdict.PoolFigures;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Finds a connection pool's figures in a health body, under the names of HikariCP and r2dbc-pool.
 */
final class Pools {
  private static final Set<String> ALLOCATED =
      Set.of("allocated", "total", "allocatedsize", "allocatedconnections", "totalconnections");
  private static final Set<String> ACQUIRED =
      Set.of("acquired", "active", "acquiredsize", "acquiredconnections", "activeconnections");
  private static final Set<String> IDLE = Set.of("idle", "idlesize", "idleconnections");
  private static final Set<String> MAX =
      Set.of(
          "max",
          "maxallocated",
          "maxallocatedsize",
          "maxallocatedconnections",
          "maxconnections",
          "maximumpoolsize");
  private static final Set<String> PENDING =
      Set.of(
          "pending",
          "pendingacquiresize",
          "pendingconnections",
          "pendingthreads",
          "threadsawaitingconnection");

  private Pools() {}

  /** The figures of the pool that most callers wait for; null where no object shows all five. */
  static @Nullable PoolFigures in(JsonNode node) {
    PoolFigures found = node.isObject() ? here(node) : null;
    for (JsonNode part : node) {
      PoolFigures inner = in(part);
      if (inner != null && (found == null || inner.pending() > found.pending())) {
        found = inner;
      }
    }
    return found;
  }

  private static @Nullable PoolFigures here(JsonNode node) {
    int allocated = member(node, ALLOCATED);
    int acquired = member(node, ACQUIRED);
    int idle = member(node, IDLE);
    int max = member(node, MAX);
    int pending = member(node, PENDING);
    boolean all = allocated >= 0 && acquired >= 0 && idle >= 0 && max >= 0 && pending >= 0;
    return all ? new PoolFigures(allocated, acquired, idle, max, pending) : null;
  }

  private static int member(JsonNode node, Set<String> names) {
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String name = member.getKey().toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
      if (names.contains(name) && member.getValue().canConvertToInt()) {
        return member.getValue().asInt();
      }
    }
    return -1;
  }
}
