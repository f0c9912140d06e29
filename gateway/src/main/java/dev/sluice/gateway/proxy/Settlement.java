package dev.sluice.gateway.proxy;

import dev.sluice.probes.breaker.Failure;
import dev.sluice.probes.breaker.Permit;
import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** What a forwarded exchange tells the breakers and the diagnosis: one outcome, once. */
final class Settlement {
  private final DataPathServices services;
  private final Asked asked;
  private final @Nullable Permit permit;
  private boolean settled;
  private boolean witnessed;
  private int status;

  Settlement(DataPathServices services, Asked asked, @Nullable Permit permit) {
    this.services = services;
    this.asked = asked;
    this.permit = permit;
  }

  /** The backend's answer began. */
  void answered(HttpResponse response) {
    status = response.status().code();
    witnessed = true;
    boolean marked = response.headers().contains(asked.matched().backend().markerHeader());
    services
        .witness()
        .answered(asked.matched().backend().id(), asked.matched().dependencies(), status, marked);
  }

  /** A further try follows one that failed so; the last one's outcome is the exchange's. */
  void again(Failure failure) {
    witness(failure);
    witnessed = false;
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
      services
          .witness()
          .failed(asked.matched().backend().id(), asked.matched().dependencies(), failure);
    }
  }

  void failed(Failure failure) {
    witness(failure);
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
