package dev.sluice.demo.lab;

import java.util.List;
import java.util.stream.Stream;

/** All faults that the lab knows. */
public final class Catalogue {
  private Catalogue() {}

  static List<Fault> all() {
    return Stream.of(
            PathFaults.all(),
            ServerFaults.all(),
            NameFaults.all(),
            TlsFaults.all(),
            QueryFaults.all(),
            BackendFaults.all(),
            HarmlessFaults.all())
        .flatMap(List::stream)
        .toList();
  }

  public static boolean knows(String id) {
    return all().stream().anyMatch(fault -> fault.id().equals(id));
  }

  /** A line for each: its id and what is broken. */
  public static List<String> lines() {
    return all().stream().map(f -> "%-28s %s".formatted(f.id(), f.says())).toList();
  }
}
