package dev.sluice.gateway.proxy;

import dev.sluice.config.Backend;
import dev.sluice.gateway.proxy.ExchangeObserver.Cached;
import dev.sluice.gateway.proxy.ExchangeObserver.Outcome;
import dev.sluice.probes.breaker.Failure;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded of one request: itself, each try at a backend, what the cache did, and its way
 * into the queue. Each span ends once. Used by one event loop.
 */
final class RequestSpans {
  private static final String STATUS = "http.response.status_code";
  private static final String ERROR = "error.type";

  private final Tracer tracer;
  private final Asked asked;
  private final Span span;
  private final Context context;
  private @Nullable Span trying;
  private int tries;

  RequestSpans(Tracer tracer, Asked asked, Span span) {
    this.tracer = tracer;
    this.asked = asked;
    this.span = span;
    this.context = Context.root().with(span);
  }

  Span span() {
    return span;
  }

  /** A try begins; what is sent with it names its span. */
  void trying(Backend backend) {
    failed(Failure.RESET); // a connection that had gone stale: nothing was told of it
    Backend.Address address = backend.address();
    Span next =
        child(asked.method(), SpanKind.CLIENT)
            .setAttribute("http.request.method", asked.method())
            .setAttribute("server.address", address.host())
            .setAttribute("server.port", address.port())
            .setAttribute("sluice.backend", backend.id())
            .startSpan();
    if (tries > 0) {
      next.setAttribute("http.request.resend_count", tries);
    }
    tries++;
    trying = next;
    asked.under(next);
  }

  /** The head of the answer to a try is there; 4xx and 5xx are errors of whoever asked. */
  void answered(int status) {
    Span current = trying;
    if (current != null) {
      current.setAttribute(STATUS, status);
      if (status >= 400) {
        current.setAttribute(ERROR, Integer.toString(status)).setStatus(StatusCode.ERROR);
      }
    }
  }

  /** The try has failed. */
  void failed(Failure failure) {
    Span current = trying;
    if (current != null) {
      current.setAttribute(ERROR, failure.label()).setStatus(StatusCode.ERROR);
      tried();
    }
  }

  /** The try is over, whatever ended it. */
  void tried() {
    Span current = trying;
    trying = null;
    if (current != null) {
      current.end();
    }
  }

  /** What the cache did until now. */
  void cached(Cached what) {
    child("cache", SpanKind.INTERNAL)
        .setAttribute("sluice.cache.did", what.label())
        .startSpan()
        .end();
  }

  /** The request is on its way into the queue; its replay goes on from this span. */
  Span queueing() {
    Span queueing =
        child("queue " + asked.matched().route().id(), SpanKind.PRODUCER)
            .setAttribute("messaging.system", "sluice")
            .setAttribute("messaging.operation.name", "hold")
            .setAttribute("messaging.operation.type", "send")
            .startSpan();
    asked.under(queueing);
    return queueing;
  }

  private SpanBuilder child(String name, SpanKind kind) {
    return tracer.spanBuilder(name).setSpanKind(kind).setParent(context);
  }

  /** The request has ended. */
  void ended(Outcome outcome, int status) {
    tried();
    span.setAttribute("sluice.outcome", outcome.label());
    if (status > 0) {
      span.setAttribute(STATUS, status);
    }
    if (status >= 500 || outcome == Outcome.UPSTREAM_FAILED) {
      String type = status >= 500 ? Integer.toString(status) : outcome.label();
      span.setAttribute(ERROR, type).setStatus(StatusCode.ERROR);
    }
    span.end();
  }
}
