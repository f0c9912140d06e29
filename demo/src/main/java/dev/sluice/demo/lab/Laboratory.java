package dev.sluice.demo.lab;

import dev.sluice.demo.fault.PacketFilter;
import dev.sluice.demo.lab.Fault.Trait;
import dev.sluice.gateway.alerts.Message;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The whole lab: chooses faults, holds the rounds, tells the result. */
public final class Laboratory {
  private static final long SEED = 20_261_125;

  private Laboratory() {}

  /**
   * What is to be done.
   *
   * @param faults ids; empty for all
   * @param often only the short selection
   * @param width how many at once
   * @param report a folder; null for none
   */
  public record Order(
      List<String> faults, boolean often, int rounds, int width, @Nullable Path report) {}

  /** Carries the order out; true when every bar holds. */
  public static boolean run(Order order, PrintWriter out) {
    List<Fault> faults = chosen(order);
    out.printf(
        "%d faults, %d rounds each, %d at once%n", faults.size(), order.rounds(), order.width());
    out.println(
        PacketFilter.own().isPresent()
            ? "in a network of its own, where packets are dropped"
            : "on the machine's loopback, where dropped packets are imitated");
    out.flush();
    long begun = System.nanoTime();
    List<Outcome> outcomes =
        Lab.run(
            faults,
            order.rounds(),
            order.width(),
            line -> {
              out.println(line);
              out.flush();
            });
    Score score = new Score(outcomes);
    List<String> alarms = calmHour(SEED);
    List<Bar> bars = Bar.of(score, alarms);
    List<String> lines = new ArrayList<>(new Report(score, bars).lines());
    lines.add("");
    alarms.forEach(alarm -> lines.add("false alarm: " + alarm));
    PacketFilter.own().ifPresent(f -> lines.add("packets dropped: " + f.dropped()));
    lines.add("took " + Duration.ofNanos(System.nanoTime() - begun).toSeconds() + " s");
    lines.forEach(out::println);
    out.flush();
    if (order.report() != null) {
      write(order.report(), outcomes, bars, lines);
    }
    return outcomes.size() == faults.size() * order.rounds() && bars.stream().allMatch(Bar::holds);
  }

  /** The false alarms of one simulated hour. */
  static List<String> calmHour(long seed) {
    return CalmHour.alarms(Simulated.configuration(), seed);
  }

  /** What teams are told in a simulated day in which nothing is broken. */
  static List<Message> calmDay(long seed) {
    return CalmHour.messages(Simulated.configuration(), seed);
  }

  private static List<Fault> chosen(Order order) {
    return Catalogue.all().stream()
        .filter(f -> order.faults().isEmpty() || order.faults().contains(f.id()))
        .filter(f -> !order.often() || f.is(Trait.OFTEN))
        .toList();
  }

  static void write(Path folder, List<Outcome> outcomes, List<Bar> bars, List<String> lines) {
    try {
      Files.createDirectories(folder);
      List<String> all = new ArrayList<>();
      outcomes.stream()
          .sorted(Comparator.comparing(o -> o.fault().id()))
          .forEach(o -> all.add(o.toString()));
      all.addAll(lines);
      Files.write(folder.resolve("report.txt"), all);
      Files.writeString(folder.resolve("report.json"), ReportJson.of(outcomes, bars));
    } catch (IOException e) {
      throw new UncheckedIOException("The report cannot be written into " + folder, e);
    }
  }
}
