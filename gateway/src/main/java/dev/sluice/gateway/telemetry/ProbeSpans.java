package dev.sluice.gateway.telemetry;

import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Sample;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.Locale;

/**
 * A span for each climb, and one below it for each rung. Climbs that failed are all recorded; of
 * those that held, one in so many. Used by the monitor's thread.
 */
public final class ProbeSpans {
  private final Tracer tracer;
  private final int oneIn;
  private long held;

  /**
   * @param oneIn of climbs that held one in so many is recorded
   */
  public ProbeSpans(Tracer tracer, int oneIn) {
    this.tracer = tracer;
    this.oneIn = oneIn;
  }

  /** A climb ended. */
  public void climbed(Climb climb) {
    if (!climb.ok() || held++ % oneIn == 0) {
      Span span =
          tracer
              .spanBuilder("probe " + climb.targetId())
              .setNoParent()
              .setStartTimestamp(climb.at())
              .setAttribute("sluice.target", climb.targetId())
              .startSpan();
      Instant at = climb.at();
      for (Sample sample : climb.samples()) {
        Instant end = at.plusMillis(sample.millis());
        rung(span, sample, at, end);
        at = end;
      }
      Sample failed = climb.failed();
      if (failed != null) {
        span.setAttribute("error.type", what(failed)).setStatus(StatusCode.ERROR);
      }
      span.end(at);
    }
  }

  private void rung(Span climb, Sample sample, Instant begin, Instant end) {
    Span span =
        tracer
            .spanBuilder("rung " + sample.rung().name().toLowerCase(Locale.ROOT))
            .setParent(Context.root().with(climb))
            .setStartTimestamp(begin)
            .setAttribute("sluice.target", sample.target())
            .startSpan();
    if (!sample.ok()) {
      span.setAttribute("error.type", what(sample)).setStatus(StatusCode.ERROR);
    }
    span.end(end);
  }

  /** What it failed of, in the fewest words; no server's text, which may hold anything. */
  private static String what(Sample sample) {
    String state = sample.serverState();
    String exception = sample.exception();
    String signal = sample.signal();
    return signal != null
        ? signal
        : state != null ? state : exception != null ? exception : "_OTHER";
  }
}
