package dev.sluice.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Ids given and ids meant, over all files: finds what is given twice or nowhere. */
final class Ids {
  /** What an id stands for. */
  enum Kind {
    DEPENDENCY("dependency"),
    NETWORK("network"),
    CONTROL("control"),
    BACKEND("backend"),
    ROUTE("route"),
    RECEIVER("receiver"),
    TEAM("team"),
    STEP("step"),
    SCHEDULE("schedule");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** Dependencies, controls and backends share one name space: verdicts name them by id alone. */
    boolean sharesNames(Kind other) {
      return this == other || (probed() && other.probed());
    }

    private boolean probed() {
      return this == DEPENDENCY || this == CONTROL || this == BACKEND;
    }
  }

  private static final int SHOWN = 20;

  private record Given(Kind kind, Scalar scalar) {
    String id() {
      return scalar.text();
    }

    Place place() {
      return scalar.place();
    }
  }

  private final Problems problems;
  private final Map<String, List<Given>> given = new HashMap<>();
  private final List<Given> meant = new ArrayList<>();
  private final Map<Kind, Set<String>> printable = new EnumMap<>(Kind.class);

  Ids(Problems problems) {
    this.problems = problems;
  }

  void give(Kind kind, Scalar id) {
    List<Given> same = given.computeIfAbsent(id.text(), key -> new ArrayList<>());
    same.stream()
        .filter(earlier -> earlier.kind().sharesNames(kind))
        .findFirst()
        .ifPresent(
            first ->
                problems.error(
                    id.place(),
                    kind.word + " id " + id.said() + " is given twice",
                    "first as a " + first.kind().word + " at " + first.place()));
    same.add(new Given(kind, id));
  }

  void mean(Kind kind, Scalar id) {
    meant.add(new Given(kind, id));
  }

  /** Reports every id that is meant somewhere and given nowhere. */
  void resolve() {
    for (Given reference : meant) {
      boolean known =
          given.getOrDefault(reference.id(), List.of()).stream()
              .anyMatch(g -> g.kind() == reference.kind());
      if (!known) {
        problems.error(
            reference.place(),
            "there is no " + reference.kind().word + " " + reference.scalar().said(),
            hint(reference));
      }
    }
  }

  private String hint(Given reference) {
    Set<String> known = printable.computeIfAbsent(reference.kind(), this::printable);
    String near = reference.scalar().isLiteral() ? Nearest.hint(reference.id(), known) : null;
    if (near != null) {
      return near;
    }
    return known.isEmpty()
        ? "no " + reference.kind().word + " is configured"
        : "known: " + shown(known);
  }

  private static String shown(Set<String> known) {
    String first = known.stream().limit(SHOWN).collect(Collectors.joining(", "));
    return known.size() > SHOWN ? first + ", ..." : first;
  }

  private Set<String> printable(Kind kind) {
    return of(kind)
        .filter(g -> g.scalar().isLiteral())
        .map(Given::id)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Stream<Given> of(Kind kind) {
    return given.values().stream().flatMap(List::stream).filter(g -> g.kind() == kind);
  }
}
