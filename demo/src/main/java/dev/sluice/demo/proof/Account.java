package dev.sluice.demo.proof;

import dev.sluice.demo.proof.Tally.Kind;
import dev.sluice.probes.validation.Quantiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What came of it.
 *
 * @param listed reads of the route that is fetched ahead
 * @param released whether nothing was held any more in the end
 */
public record Account(Tally read, Tally listed, Tally written, Verdict verdict, boolean released) {
  private static final double OVERALL = .99;
  private static final double AHEAD = .999;

  /** Every bar that does not hold, in a sentence each. */
  public List<String> broken() {
    List<String> broken = new ArrayList<>();
    if (overall() < OVERALL) {
      broken.add("fewer than 99 % of all requests were served");
    }
    if (listed.availability() < AHEAD) {
      broken.add("fewer than 99.9 % of requests on the route that is fetched ahead were served");
    }
    many(broken, verdict.lost(), "lost");
    many(broken, verdict.duplicated(), "duplicated");
    many(broken, verdict.reordered(), "reordered");
    many(broken, read.wrong(), "wrong answers");
    many(broken, listed.wrong(), "wrong lists");
    if (!released) {
      broken.add("held writes were not released");
    }
    return broken;
  }

  private static void many(List<String> broken, List<String> found, String what) {
    if (!found.isEmpty()) {
      broken.add(found.size() + " " + what + ", such as " + found.get(0));
    }
  }

  private double overall() {
    double served = 0;
    double all = 0;
    for (Tally tally : List.of(read, listed, written)) {
      served += tally.availability() * tally.all();
      all += tally.all();
    }
    return all == 0 ? 1 : served / all;
  }

  /** For people, some lines. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(row("", "requests", "served %", "fresh", "stale", "written", "queued", "refused"));
    text.append(" failed wrong\n");
    row(text, "reads by id", read);
    row(text, "the list, fetched ahead", listed);
    row(text, "writes", written);
    text.append(String.format(Locale.ROOT, "%-24s %9s %9.3f%n", "all", "", 100 * overall()));
    List<Double> ages = read.staleSeconds();
    text.append(
        String.format(
            Locale.ROOT,
            "stale answers were outdated for: p50 %.1f, p95 %.1f, p99 %.1f, at most %.1f s%n",
            Quantiles.of(ages, .5),
            Quantiles.of(ages, .95),
            Quantiles.of(ages, .99),
            Quantiles.of(ages, 1)));
    text.append(
        "lost %d, duplicated %d, reordered %d, wrong answers %d%n"
            .formatted(
                verdict.lost().size(),
                verdict.duplicated().size(),
                verdict.reordered().size(),
                read.of(Kind.WRONG) + listed.of(Kind.WRONG)));
    return text.toString();
  }

  private static void row(StringBuilder text, String name, Tally tally) {
    text.append(
        row(
            name,
            tally.all(),
            String.format(Locale.ROOT, "%.3f", 100 * tally.availability()),
            tally.of(Kind.FRESH),
            tally.of(Kind.STALE),
            tally.of(Kind.WRITTEN),
            tally.of(Kind.QUEUED),
            tally.of(Kind.REFUSED)));
    text.append(
        String.format(Locale.ROOT, " %6d %5d%n", tally.of(Kind.FAILED), tally.of(Kind.WRONG)));
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-24s %9s %9s %8s %7s %7s %7s %7s", cells);
  }
}
