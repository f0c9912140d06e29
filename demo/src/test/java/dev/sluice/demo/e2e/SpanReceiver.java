package dev.sluice.demo.e2e;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/** A receiver of OpenTelemetry's protocol over HTTP, which keeps what it is sent. */
final class SpanReceiver implements AutoCloseable {
  private final HttpServer server;
  final List<Span> spans = new CopyOnWriteArrayList<>();
  final Set<String> services = ConcurrentHashMap.newKeySet();
  final Set<String> numbers = ConcurrentHashMap.newKeySet();
  final Set<String> authorizations = ConcurrentHashMap.newKeySet();

  SpanReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    taking("/v1/traces", this::traces);
    taking("/v1/metrics", this::metrics);
    server.start();
  }

  private interface Taker {
    void take(byte[] body) throws IOException;
  }

  private void taking(String path, Taker taker) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            authorizations.add(path + " " + authorization);
            boolean zipped =
                "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            byte[] body =
                zipped
                    ? new GZIPInputStream(exchange.getRequestBody()).readAllBytes()
                    : exchange.getRequestBody().readAllBytes();
            taker.take(body);
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
          }
        });
  }

  private void traces(byte[] body) throws IOException {
    ExportTraceServiceRequest.parseFrom(body)
        .getResourceSpansList()
        .forEach(
            resource -> {
              resource.getResource().getAttributesList().stream()
                  .filter(attribute -> attribute.getKey().equals("service.name"))
                  .forEach(attribute -> services.add(attribute.getValue().getStringValue()));
              resource.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList()));
            });
  }

  private void metrics(byte[] body) throws IOException {
    ExportMetricsServiceRequest.parseFrom(body)
        .getResourceMetricsList()
        .forEach(
            resource ->
                resource
                    .getScopeMetricsList()
                    .forEach(
                        scope -> scope.getMetricsList().forEach(m -> numbers.add(m.getName()))));
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The spans of a trace. */
  List<Span> of(String traceId) {
    return spans.stream()
        .filter(span -> HexFormat.of().formatHex(span.getTraceId().toByteArray()).equals(traceId))
        .toList();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
