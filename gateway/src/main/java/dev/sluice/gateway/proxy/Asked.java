package dev.sluice.gateway.proxy;

import dev.sluice.gateway.route.Matched;
import dev.sluice.gateway.route.RequestTarget;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.opentelemetry.api.trace.Span;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that has a route, and the snapshot that it is judged by. What only the backend or a log
 * is told is worked out when it is asked for. Used by one event loop.
 */
final class Asked implements ExchangeObserver.Origin {
  private final HttpRequest request;
  private final RequestTarget target;
  private Matched matched;
  private final Snapshot snapshot;
  private final Peer peer;
  private final TrustedPeers trusted;
  private final long length;
  private final long since;
  private boolean waited;
  private int elsewhere;
  private @Nullable String requestId;
  private @Nullable Provenance provenance;
  private @Nullable TraceContext trace;
  private @Nullable TraceContext onward;
  private @Nullable RequestSpans spans;

  /**
   * @param length of its body as it was declared; 0 without one, -1 for a chunked one
   * @param since when it was received, on the monotonic clock
   */
  Asked(
      HttpRequest request,
      RequestTarget target,
      Matched matched,
      Snapshot snapshot,
      Peer peer,
      TrustedPeers trusted,
      long length,
      long since) {
    this.request = request;
    this.target = target;
    this.matched = matched;
    this.snapshot = snapshot;
    this.peer = peer;
    this.trusted = trusted;
    this.length = length;
    this.since = since;
  }

  HttpRequest request() {
    return request;
  }

  RequestTarget target() {
    return target;
  }

  Matched matched() {
    return matched;
  }

  Snapshot snapshot() {
    return snapshot;
  }

  long length() {
    return length;
  }

  long since() {
    return since;
  }

  /** It has waited for another request's answer, and does so no second time. */
  boolean waited() {
    return waited;
  }

  /** How many other backends it has been meant for so far. */
  int elsewhere() {
    return elsewhere;
  }

  /** It is for another backend of its route from now on, after so many. */
  void elsewhere(Matched other, int tried) {
    matched = other;
    elsewhere = tried;
  }

  Asked afterWaiting() {
    waited = true;
    return this;
  }

  String requestId() {
    String known = requestId;
    if (known == null) {
      known = RequestIds.of(peer, headers());
      requestId = known;
    }
    return known;
  }

  /** Where it comes from; its client's address is the one to limit and log by. */
  Provenance provenance() {
    Provenance known = provenance;
    if (known == null) {
      known = Provenance.of(peer, headers(), trusted);
      provenance = known;
    }
    return known;
  }

  TraceContext trace() {
    TraceContext known = trace;
    if (known == null) {
      known = TraceContext.of(headers(), requestId());
      trace = known;
    }
    return known;
  }

  /** The trace as those are told who are asked for this request's sake. */
  TraceContext onward() {
    return onward == null ? trace() : onward;
  }

  /** Those who are asked from now on are told that this span is the one above theirs. */
  void under(Span span) {
    onward = trace().under(span.getSpanContext());
  }

  /** Its trace is recorded, from this span of the gateway's on. */
  void recorded(RequestSpans begun) {
    spans = begun;
    trace = trace().under(begun.span().getSpanContext());
  }

  /** What is recorded of it; null where nothing is. */
  @Nullable RequestSpans spans() {
    return spans;
  }

  /** Its forwarding headers, and its trace's flags, are believed. */
  boolean trusted() {
    return peer.trusted();
  }

  @Override
  public String traceId() {
    return trace().traceId();
  }

  @Override
  public String client() {
    return provenance().clientText();
  }

  @Override
  public String pattern() {
    return matched.route().match().path();
  }

  @Override
  public boolean secure() {
    return peer.secure();
  }

  @Override
  public int version() {
    return peer.http2() ? 2 : request.protocolVersion().minorVersion() == 0 ? 0 : 1;
  }

  @Override
  public @Nullable String recordedTrace() {
    TraceContext known = trace;
    return known == null || !known.sampled() ? null : known.traceId();
  }

  String method() {
    return request.method().name();
  }

  HttpHeaders headers() {
    return request.headers();
  }

  String host() {
    String authority = target.authority();
    String host = authority == null ? headers().get(HttpHeaderNames.HOST) : authority;
    return host == null ? "" : host;
  }

  @Nullable String idempotencyKey() {
    return headers().get("idempotency-key");
  }

  boolean prefersAsync() {
    return headers().getAll("prefer").stream()
        .flatMap(line -> List.of(line.split("[,;]", -1)).stream())
        .anyMatch(preference -> preference.trim().equalsIgnoreCase("respond-async"));
  }

  /** The client waits with its body until it is told to go on (RFC 9110, section 10.1.1). */
  boolean expectsContinue() {
    return headers().contains(HttpHeaderNames.EXPECT)
        && request.protocolVersion().minorVersion() > 0
        && length != 0;
  }

  /** The client asks for a WebSocket, and its route lets it. */
  boolean upgrades() {
    return matched.route().webSocket() != null && RequestRules.upgrades(headers());
  }

  /** The service mode of the backend that it is for, as a header says it. */
  String mode() {
    return snapshot.posture().mode(matched.backend().id()).label();
  }

  List<Map.Entry<String, String>> headerList() {
    return headers().entries();
  }
}
