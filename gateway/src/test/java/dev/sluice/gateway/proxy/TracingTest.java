package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.probes.mode.BreakerState;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The spans that requests leave behind, and what backends are told of them. */
class TracingTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";
  private static final String TRUSTED = ", trusted-proxies: [127.0.0.0/8]";

  private static final String CACHEABLE =
      "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 1\r\n\r\nx";

  private final List<SpanData> spans = new CopyOnWriteArrayList<>();
  private final SdkTracerProvider provider =
      SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(new Kept())).build();

  /** An exporter that keeps what it is given. */
  private final class Kept implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> ended) {
      spans.addAll(ended);
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  @AfterEach
  void close() {
    provider.close();
  }

  private Rig rig(WireBackend.Script script, String listen, int oneIn) throws IOException {
    return Rig.traced(script, listen, null, new Tracing(provider.get("test"), oneIn));
  }

  private SpanData only(SpanKind kind) {
    await().until(() -> spans.stream().anyMatch(span -> span.getKind() == kind));
    List<SpanData> all = spans.stream().filter(span -> span.getKind() == kind).toList();
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private static String text(SpanData span, String attribute) {
    return span.getAttributes().get(AttributeKey.stringKey(attribute));
  }

  private static Long number(SpanData span, String attribute) {
    return span.getAttributes().get(AttributeKey.longKey(attribute));
  }

  @Test
  void aRequestAndItsTryAreSpansOfOneTrace() throws IOException {
    try (Rig rig = rig(WireBackend.text("x"), "", 1)) {
      rig.get("/api/orders/7?secret=1");
      SpanData server = only(SpanKind.SERVER);
      SpanData client = only(SpanKind.CLIENT);
      assertThat(server.getParentSpanContext().isValid()).isFalse();
      assertThat(client.getParentSpanId()).isEqualTo(server.getSpanId());
      assertThat(client.getTraceId()).isEqualTo(server.getTraceId());
      assertThat(rig.backend.requests.get(0).header("traceparent"))
          .isEqualTo("00-" + server.getTraceId() + "-" + client.getSpanId() + "-01");
      assertThat(rig.exchanges.get(0).origin().traceId()).isEqualTo(server.getTraceId());
      assertThat(rig.exchanges.get(0).origin().recordedTrace()).isEqualTo(server.getTraceId());
      assertThat(server.getName()).startsWith("GET /");
      assertThat(text(server, "http.request.method")).isEqualTo("GET");
      assertThat(text(server, "url.path")).isEqualTo("/api/orders/7");
      assertThat(text(server, "sluice.outcome")).isEqualTo("forwarded");
      assertThat(text(server, "client.address")).isEqualTo("127.0.0.1");
      assertThat(number(server, "http.response.status_code")).isEqualTo(200);
      assertThat(number(client, "http.response.status_code")).isEqualTo(200);
      assertThat(number(client, "server.port")).isEqualTo(rig.backend.port());
      assertThat(server.toString() + client).doesNotContain("secret");
    }
  }

  @Test
  void aTrustedProxysTraceIsContinuedAsItSays() throws IOException {
    try (Rig rig = rig(WireBackend.text("x"), TRUSTED, 1)) {
      rig.get("/api/x", "traceparent: 00-" + TRACE + "-" + PARENT + "-00", "tracestate: a=1");
      WireBackend.Request seen = rig.backend.requests.get(0);
      assertThat(seen.header("traceparent")).isEqualTo("00-" + TRACE + "-" + PARENT + "-00");
      rig.get("/api/x", "traceparent: 00-" + TRACE + "-" + PARENT + "-01", "tracestate: a=1");
      SpanData server = only(SpanKind.SERVER);
      assertThat(server.getTraceId()).isEqualTo(TRACE);
      assertThat(server.getParentSpanId()).isEqualTo(PARENT);
      SpanData client = only(SpanKind.CLIENT);
      WireBackend.Request traced = rig.backend.requests.get(1);
      assertThat(traced.header("traceparent"))
          .isEqualTo("00-" + TRACE + "-" + client.getSpanId() + "-01");
      assertThat(traced.header("tracestate")).isEqualTo("a=1");
    }
  }

  @Test
  void nobodyElseMayHaveEverythingRecorded() throws IOException {
    try (Rig rig = rig(WireBackend.text("x"), "", 1_000_000)) {
      for (int i = 10; i < 60; i++) {
        String trace = TRACE.substring(0, 30) + i;
        rig.get("/api/x", "traceparent: 00-" + trace + "-" + PARENT + "-01");
      }
      assertThat(rig.backend.requests.get(0).header("traceparent"))
          .isEqualTo("00-" + TRACE.substring(0, 30) + "10-" + PARENT + "-01");
      assertThat(spans).isEmpty();
    }
  }

  @Test
  void oneInSoManyIsRecorded() throws IOException {
    try (Rig rig = rig(WireBackend.text("x"), "", 4)) {
      for (int i = 0; i < 200; i++) {
        rig.get("/api/x");
      }
      assertThat(spans.stream().filter(span -> span.getKind() == SpanKind.SERVER).count())
          .isBetween(20L, 90L);
    }
  }

  @Test
  void aFailedTryIsAnErrorOfBothSpans() throws IOException {
    try (Rig rig = rig(WireBackend.text("x"), "", 1)) {
      rig.backend.close();
      assertThat(rig.get("/api/x").status()).isEqualTo(502);
      SpanData client = only(SpanKind.CLIENT);
      assertThat(text(client, "error.type")).isEqualTo("connect");
      assertThat(client.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
      SpanData server = only(SpanKind.SERVER);
      assertThat(text(server, "error.type")).isEqualTo("502");
      assertThat(server.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    }
  }

  @Test
  void whatTheCacheDidIsASpan() throws IOException {
    try (Rig rig = rig(WireBackend.raw(CACHEABLE, true), "", 1)) {
      rig.get("/cached/x");
      await().until(() -> rig.copies.stats().entries() == 1);
      rig.database(BreakerState.OPEN);
      rig.get("/cached/x");
      await().until(() -> did("stored") && did("hit"));
    }
  }

  private boolean did(String what) {
    return spans.stream().anyMatch(span -> what.equals(text(span, "sluice.cache.did")));
  }

  @Test
  void whereNothingIsRecordedNothingIsKept() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("x"))) {
      rig.get("/api/x");
      assertThat(rig.exchanges.get(0).origin().recordedTrace()).isNull();
    }
  }
}
