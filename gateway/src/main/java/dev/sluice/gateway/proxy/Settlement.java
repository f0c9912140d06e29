package dev.sluice.gateway.proxy;

import dev.sluice.config.Backend;
import dev.sluice.gateway.filter.Slot;
import dev.sluice.gateway.proxy.ExchangeObserver.Tried;
import dev.sluice.probes.breaker.Breakers;
import dev.sluice.probes.breaker.Failure;
import dev.sluice.probes.breaker.Permit;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.verdict.Testimony;
import io.netty.handler.codec.http.HttpResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a forwarded exchange tells the breakers, the diagnosis and its backend's limit: one outcome
 * each, once.
 */
final class Settlement {
  private final DataPathServices services;
  private final Asked asked;
  private final @Nullable Permit permit;
  private final Slot slot;
  private boolean settled;
  private boolean witnessed;
  private int status;
  private long since;

  Settlement(DataPathServices services, Asked asked, @Nullable Permit permit, Slot slot) {
    this.services = services;
    this.asked = asked;
    this.permit = permit;
    this.slot = slot;
  }

  /** A try begins: a connection is asked for. */
  void begins() {
    since = services.nanos().getAsLong();
    RequestSpans spans = asked.spans();
    if (spans != null) {
      spans.trying(asked.matched().backend());
    }
  }

  /** The request is sent: from here a try is timed. */
  void sent(long now) {
    since = now;
  }

  /** The backend's answer began. */
  void answered(HttpResponse response) {
    status = response.status().code();
    witnessed = true;
    RequestSpans spans = asked.spans();
    if (spans != null) {
      spans.answered(status);
    }
    boolean marked = response.headers().contains(asked.matched().backend().markerHeader());
    services
        .witness()
        .answered(asked.matched().backend().id(), asked.matched().dependencies(), status, marked);
    if (status >= 500) {
      told(response);
    }
  }

  /** Nothing of it reaches the client: names that begin so are the gateway's own. */
  private void told(HttpResponse response) {
    String evidence = response.headers().get(Testimony.HEADER);
    if (evidence != null) {
      services.witness().told(asked.matched().backend().id(), evidence);
    }
  }

  /**
   * The backend's answer began now. Errors say nothing of its load, save 503; nor does an answer
   * that did not wait for the request's end.
   */
  void took(long now, boolean whole) {
    long nanos = now - since;
    tried(null, nanos);
    if (status == 503) {
      dropped();
    } else if (status < 500 && whole && !explained()) {
      slot.answered(nanos);
    }
  }

  private void dropped() {
    if (!explained()) {
      slot.dropped();
    }
  }

  /**
   * Something else than the load may be why the backend is slow or silent. A failed health probe of
   * the backend is no such thing: the load may be why it failed.
   */
  private boolean explained() {
    boolean found =
        services.breakers().state(asked.matched().backend().id()) != BreakerState.CLOSED;
    List<String> dependencies = asked.matched().dependencies();
    for (int i = 0; !found && i < dependencies.size(); i++) {
      found = ailing(dependencies.get(i));
    }
    return found;
  }

  private boolean ailing(String id) {
    Breakers breakers = services.breakers();
    return breakers.state(id) != BreakerState.CLOSED || breakers.suspect(id);
  }

  /** The exchange waits for its client, and takes nobody's place at the backend meanwhile. */
  void waitsForClient() {
    slot.lend();
  }

  /** The exchange goes on. */
  void goesOn() {
    slot.takeBack();
  }

  /** The exchange is over, whatever ended it. */
  void ended() {
    slot.release();
    RequestSpans spans = asked.spans();
    if (spans != null) {
      spans.tried();
    }
  }

  /** A further try follows one that failed so; the last one's outcome is the exchange's. */
  void again(Failure failure) {
    witness(failure);
    witnessed = false;
    RequestSpans spans = asked.spans();
    if (spans != null) {
      spans.tried();
    }
    if (failure == Failure.TIMEOUT) {
      dropped();
    }
  }

  /** The backend's answer is complete. */
  void complete() {
    if (permit == null || settled) {
      return;
    }
    settled = true;
    if (status >= 502 && status <= 504) {
      permit.failed(Failure.STATUS_5XX);
    } else if (status >= 500) {
      permit.released();
    } else {
      permit.succeeded();
    }
  }

  private void witness(Failure failure) {
    if (!witnessed) {
      witnessed = true;
      tried(failure, services.nanos().getAsLong() - since);
      services
          .witness()
          .failed(asked.matched().backend().id(), asked.matched().dependencies(), failure);
    }
  }

  private void tried(@Nullable Failure failure, long nanos) {
    RequestSpans spans = asked.spans();
    if (failure != null && spans != null) {
      spans.failed(failure);
    }
    int answer = failure == null ? status : 0;
    Backend backend = asked.matched().backend();
    services.observer().tried(new Tried(asked, backend, asked.method(), answer, failure, nanos));
  }

  void failed(Failure failure) {
    witness(failure);
    if (failure == Failure.TIMEOUT) {
      dropped();
    }
    if (permit != null && !settled) {
      settled = true;
      permit.failed(failure);
    }
  }

  /**
   * The connection broke while the request was still going up: the backend may have died, or may
   * have refused what came. Seen as evidence, but too little to open a breaker.
   */
  void unclear() {
    witness(Failure.RESET);
    released();
  }

  /** The client left, or the gateway itself failed: nobody is to blame. */
  void released() {
    if (permit != null && !settled) {
      settled = true;
      permit.released();
    }
  }
}
