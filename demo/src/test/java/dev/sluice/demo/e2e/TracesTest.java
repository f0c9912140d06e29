package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.tour.Caller;
import dev.sluice.demo.tour.Stand;
import dev.sluice.probes.mode.ServiceMode;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Spans and numbers of a gateway that goes through an outage, as a collector gets them. */
@Timeout(120)
class TracesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String ORDERS = "/api/orders";

  private static String telemetry(SpanReceiver receiver) {
    return """

        telemetry:
          service: shop-gateway
          otlp: "%s"
          headers: { Authorization: "Bearer of-a-collector" }
          traces: { one-in: 1 }
          metrics: { every: 1s }
        """
        .formatted(receiver.url());
  }

  private static void mode(Stand stand, ServiceMode mode) {
    await(mode.label()).atMost(PATIENCE).until(() -> stand.gateway().posture().mode() == mode);
  }

  private static List<Span> named(SpanReceiver receiver, String name) {
    return receiver.spans.stream().filter(span -> span.getName().equals(name)).toList();
  }

  private static boolean has(Span span, String key, String value) {
    return span.getAttributesList().stream()
        .anyMatch(a -> a.getKey().equals(key) && a.getValue().getStringValue().equals(value));
  }

  @Test
  void aCollectorSeesTheWholeStory() throws IOException {
    try (SpanReceiver receiver = new SpanReceiver();
        Stand stand = Stand.start(0, 0, (w, text) -> text + telemetry(receiver))) {
      Caller caller = new Caller(() -> stand.gateway().port());
      mode(stand, ServiceMode.FULL);
      await("a live read").atMost(PATIENCE).until(() -> caller.get(ORDERS).status() == 200);
      await("its spans").atMost(PATIENCE).until(() -> !named(receiver, "GET " + ORDERS).isEmpty());
      await("a probe's")
          .atMost(PATIENCE)
          .until(() -> !named(receiver, "probe orders-db").isEmpty());
      stand.world().databaseProxy().mode(Mode.REFUSE);
      mode(stand, ServiceMode.DB_DEGRADED);
      String order = "{\"item\":\"tea\",\"quantity\":1}";
      assertThat(caller.write("POST", ORDERS, order, Optional.empty()).status()).isEqualTo(202);
      stand.world().databaseProxy().mode(Mode.PASS);
      await("the replay's span")
          .atMost(PATIENCE)
          .until(() -> !named(receiver, "replay orders-create").isEmpty());
      held(receiver);
      failedProbe(receiver);
      await("numbers")
          .atMost(PATIENCE)
          .until(() -> receiver.numbers.contains("http.server.request.duration"));
      assertThat(receiver.numbers).contains("sluice.writes.accepted", "sluice.queue.depth");
      assertThat(receiver.services).containsExactly("shop-gateway");
      assertThat(receiver.authorizations)
          .containsExactlyInAnyOrder(
              "/v1/traces Bearer of-a-collector", "/v1/metrics Bearer of-a-collector");
    }
  }

  /** From the client's request into the queue, and out of it again: one trace. */
  private static void held(SpanReceiver receiver) {
    Span replay = named(receiver, "replay orders-create").get(0);
    Span queue =
        named(receiver, "queue orders-create").stream()
            .filter(span -> span.getTraceId().equals(replay.getTraceId()))
            .findFirst()
            .orElseThrow();
    assertThat(replay.getParentSpanId()).isEqualTo(queue.getSpanId());
    assertThat(replay.getKind()).isEqualTo(SpanKind.SPAN_KIND_CONSUMER);
    Span request =
        named(receiver, "POST " + ORDERS).stream()
            .filter(span -> span.getSpanId().equals(queue.getParentSpanId()))
            .findFirst()
            .orElseThrow();
    assertThat(request.getTraceId()).isEqualTo(replay.getTraceId());
    assertThat(has(request, "sluice.outcome", "queued")).isTrue();
  }

  private static void failedProbe(SpanReceiver receiver) {
    Span probe =
        named(receiver, "probe orders-db").stream()
            .filter(span -> has(span, "error.type", "refused"))
            .findFirst()
            .orElseThrow();
    List<Span> rungs =
        receiver.spans.stream()
            .filter(span -> span.getParentSpanId().equals(probe.getSpanId()))
            .toList();
    assertThat(rungs).isNotEmpty();
    assertThat(has(rungs.get(rungs.size() - 1), "error.type", "refused")).isTrue();
  }
}
