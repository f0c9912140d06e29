package dev.sluice.gateway.proxy;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/**
 * Begins the spans of requests (OpenTelemetry semantic conventions 1.40, HTTP spans). Whether a
 * request is recorded a trusted peer decides by its trace's flag, and chance for all others: no
 * client can have everything recorded. Called on event loops; never blocks.
 */
public final class Tracing {
  private final Tracer tracer;
  private final int oneIn;

  /**
   * @param oneIn of requests one in so many is recorded
   */
  public Tracing(Tracer tracer, int oneIn) {
    this.tracer = tracer;
    this.oneIn = oneIn;
  }

  /** Records a request that has begun now, where it is one of those. */
  void begin(Asked asked) {
    TraceContext trace = asked.trace();
    boolean named = trace.from() != TraceContext.From.GATEWAY;
    boolean believed = named && asked.trusted();
    boolean recorded = believed ? trace.sampled() : drawn(trace.traceId());
    if (!recorded) {
      return;
    }
    SpanBuilder span =
        tracer
            .spanBuilder(asked.method() + " " + asked.pattern())
            .setSpanKind(SpanKind.SERVER)
            .setParent(named ? Context.root().with(Span.wrap(trace.remote())) : Context.root())
            .setAttribute("http.request.method", asked.method())
            .setAttribute("http.route", asked.pattern())
            .setAttribute("url.path", asked.target().path())
            .setAttribute("url.scheme", asked.secure() ? "https" : "http")
            .setAttribute(
                "network.protocol.version", asked.version() == 2 ? "2" : "1." + asked.version())
            .setAttribute("client.address", asked.client())
            .setAttribute("sluice.route", asked.matched().route().id())
            .setAttribute("sluice.request.id", asked.requestId());
    asked.recorded(new RequestSpans(tracer, asked, span.startSpan()));
  }

  /** The same in every gateway that the request passes. */
  private boolean drawn(String traceId) {
    return oneIn == 1 || Math.floorMod(traceId.hashCode(), oneIn) == 0;
  }

  /**
   * Records the replay of a kept write, where its request was.
   *
   * @param parent the traceparent that was kept with it
   */
  public @Nullable Span replay(@Nullable String parent, String route, String writeId) {
    SpanContext kept = TraceContext.recorded(parent);
    return kept == null
        ? null
        : tracer
            .spanBuilder("replay " + route)
            .setSpanKind(SpanKind.CONSUMER)
            .setParent(Context.root().with(Span.wrap(kept)))
            .setAttribute("messaging.system", "sluice")
            .setAttribute("messaging.operation.name", "replay")
            .setAttribute("messaging.operation.type", "process")
            .setAttribute("messaging.message.id", writeId)
            .setAttribute("sluice.route", route)
            .startSpan();
  }

  /** What a request that is made under this span says of its trace. */
  public static String traceparent(SpanContext context) {
    return "00-" + context.getTraceId() + "-" + context.getSpanId() + "-01";
  }
}
