package dev.sluice.gateway.proxy;

import dev.sluice.gateway.route.Matched;
import dev.sluice.gateway.route.RequestTarget;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that has a route, and the snapshot that it is judged by.
 *
 * @param provenance where it comes from; its client's address is the one to limit and log by
 * @param length of its body as it was declared; 0 without one, -1 for a chunked one
 * @param since when it was received, on the monotonic clock
 * @param waited it has waited for another request's answer, and does so no second time
 */
record Asked(
    HttpRequest request,
    RequestTarget target,
    Matched matched,
    Snapshot snapshot,
    String requestId,
    Provenance provenance,
    TraceContext trace,
    long length,
    long since,
    boolean waited) {
  /** The same, once it has waited. */
  Asked afterWaiting() {
    return new Asked(
        request, target, matched, snapshot, requestId, provenance, trace, length, since, true);
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

  /** The service mode of the backend that it is for, as a header says it. */
  String mode() {
    return snapshot.posture().mode(matched.backend().id()).label();
  }

  List<Map.Entry<String, String>> headerList() {
    return headers().entries();
  }
}
