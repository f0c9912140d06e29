package dev.sluice.gateway.admin;

import dev.sluice.gateway.admin.Hour.Minute;
import dev.sluice.gateway.admin.Hour.Turn;
import dev.sluice.gateway.health.Html;
import dev.sluice.probes.mode.BreakerState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The last hour in pictures: success, latency and breakers. */
final class HourCharts {
  private static final int WIDTH = 600;
  private static final int HEIGHT = 90;
  private static final int STRIP = 16;
  private static final int MINUTES = 60;

  private final Html html;
  private final Hour hour;
  private final Instant now;

  HourCharts(Html html, Hour hour, Instant now) {
    this.html = html;
    this.hour = hour;
    this.now = now;
  }

  /** The share of requests that were served, and how long the slow ones took. */
  void traffic() {
    long all = hour.minutes().stream().mapToLong(Minute::requests).sum();
    long failed = hour.minutes().stream().mapToLong(Minute::failed).sum();
    long copies = hour.minutes().stream().mapToLong(Minute::copies).sum();
    if (all == 0) {
      html.raw("<p class=dim>").text("No request in the last hour.").raw("</p>");
      return;
    }
    html.raw("<p>");
    html.text(
        String.format(
            Locale.ROOT,
            "%,d requests in the last hour, %.2f %% served, %,d of them from copies.",
            all,
            100.0 * (all - failed) / all,
            copies));
    html.raw("</p><div class=charts>");
    line(
        "Served, per cent",
        100,
        minute -> 100.0 * (minute.requests() - minute.failed()) / Math.max(1, minute.requests()));
    double slowest = hour.minutes().stream().mapToInt(Minute::p99).max().orElse(0);
    line("p99, milliseconds", Math.max(10, slowest), Minute::p99);
    double busiest = hour.minutes().stream().mapToLong(Minute::requests).max().orElse(0);
    line("Requests a minute", Math.max(10, busiest), Minute::requests);
    html.raw("</div>");
  }

  private void line(String title, double most, ToDoubleFunction<Minute> value) {
    StringBuilder points = new StringBuilder();
    long first = now.getEpochSecond() / 60 - MINUTES + 1;
    String last = "none";
    int drawn = 0;
    for (Minute minute : hour.minutes()) {
      if (minute.requests() > 0) {
        double x = (minute.minute() - first) * (double) WIDTH / (MINUTES - 1);
        double y = HEIGHT - value.applyAsDouble(minute) / most * (HEIGHT - 4) - 2;
        points.append(String.format(Locale.ROOT, "%.1f,%.1f ", Math.max(0, x), y));
        drawn++;
        last = String.format(Locale.ROOT, "%,.1f", value.applyAsDouble(minute));
      }
    }
    if (drawn == 1) {
      points.append(points); // a line of no length is drawn as a dot
    }
    html.raw("<figure><figcaption>").text(title + ": now " + last);
    html.text(String.format(Locale.ROOT, ", top of the scale %,.0f", most));
    html.raw("</figcaption><svg class=chart role=img aria-label=\"").text(title + ", now " + last);
    html.raw("\" viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\" preserveAspectRatio=none>");
    html.raw("<polyline points=\"" + points.toString().strip() + "\"/></svg></figure>");
  }

  /** One strip for each breaker: when it was open, half-open and closed. */
  void breakers(List<String> ids) {
    for (String id : ids) {
      html.raw("<figure><figcaption>").text(id).raw("</figcaption>");
      html.raw("<svg class=strip role=img aria-label=\"").text(words(id));
      html.raw("\" viewBox=\"0 0 " + WIDTH + " " + STRIP + "\" preserveAspectRatio=none>");
      strip(id);
      html.raw("</svg></figure>");
    }
  }

  private void strip(String id) {
    Instant begin = now.minus(Duration.ofHours(1));
    BreakerState state = BreakerState.CLOSED;
    double from = 0;
    for (Turn turn : hour.turns()) {
      if (turn.id().equals(id)) {
        double x = x(begin, turn.at());
        spell(state, from, x);
        from = x;
        state = turn.to();
      }
    }
    spell(state, from, WIDTH);
  }

  private static double x(Instant begin, Instant at) {
    double share = Duration.between(begin, at).toMillis() / 3_600_000.0;
    return Math.max(0, Math.min(1, share)) * WIDTH;
  }

  private void spell(BreakerState state, double from, double to) {
    if (to > from) {
      html.raw(
          String.format(
              Locale.ROOT,
              "<rect class=%s x=%.1f y=0 width=%.1f height=%d />",
              state.label(),
              from,
              Math.max(1.5, to - from),
              STRIP));
    }
  }

  private String words(String id) {
    Instant begin = now.minus(Duration.ofHours(1));
    long opened =
        hour.turns().stream()
            .filter(turn -> turn.id().equals(id) && turn.to() == BreakerState.OPEN)
            .filter(turn -> turn.at().isAfter(begin))
            .count();
    return "Breaker " + id + " opened " + opened + " times in the last hour.";
  }
}
