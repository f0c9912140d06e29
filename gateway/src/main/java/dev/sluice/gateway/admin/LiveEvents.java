package dev.sluice.gateway.admin;

import dev.sluice.gateway.health.Json;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.netty.http.server.HttpServerResponse;

/**
 * What changes on the status page, as server-sent events: twice a second the sections that are
 * others than they were. A comment goes out when nothing has changed for a while, so that who has
 * gone is noticed. Bounded in listeners; a listener that takes nothing misses what it has not
 * taken.
 */
final class LiveEvents {
  static final String PATH = "/events";
  private static final Duration EVERY = Duration.ofMillis(500);
  private static final int QUIET = 20;
  private static final int MOST = 50;

  private final AdminSources sources;
  private final AtomicInteger listeners = new AtomicInteger();

  LiveEvents(AdminSources sources) {
    this.sources = sources;
  }

  /** Whether another listener is taken, which {@link #serve} then is told of. */
  boolean takes() {
    if (listeners.incrementAndGet() > MOST) {
      listeners.decrementAndGet();
      return false;
    }
    return true;
  }

  /** Until the listener has gone. */
  Publisher<Void> serve(HttpServerResponse response) {
    Listener listener = new Listener();
    Flux<ByteBuf> events =
        Flux.interval(Duration.ZERO, EVERY)
            .onBackpressureDrop()
            .mapNotNull(tick -> listener.next())
            .doFinally(end -> listeners.decrementAndGet());
    return response
        .header(HttpHeaderNames.CONTENT_TYPE, "text/event-stream")
        .header(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .send(events, any -> true);
  }

  /** What one listener has been told. */
  private final class Listener {
    private Map<String, String> told = Map.of();
    private int quiet;

    /** Null while there is nothing to say. */
    @Nullable ByteBuf next() {
      Map<String, String> now = new HashMap<>(StatusPage.sections(sources));
      now.put("title", StatusPage.title(sources));
      Map<String, String> changed = LivePage.changed(told, now);
      told = now;
      quiet = changed.isEmpty() ? quiet + 1 : 0;
      if (!changed.isEmpty()) {
        return text("data: " + Json.text(changed) + "\n\n");
      }
      return quiet % QUIET == 0 ? text(": still here\n\n") : null;
    }

    private ByteBuf text(String event) {
      return Unpooled.wrappedBuffer(event.getBytes(StandardCharsets.UTF_8));
    }
  }
}
