package dev.sluice.gateway.recording;

import dev.sluice.probes.breaker.Failure;
import dev.sluice.probes.breaker.Permit;
import dev.sluice.probes.monitor.TrafficWitness;
import java.util.Locale;

/** How a try at a backend ended, as far as breakers and judges care. */
public enum Ending {
  /** Answered below 500. */
  OK(200, false),
  /** Answered with 500, or another that is nobody else's fault; with the backend's marker. */
  OWN_ERROR(500, true),
  ERROR(500, false),
  /** Answered with 502, 503 or 504. */
  OWN_UNAVAILABLE(503, true),
  UNAVAILABLE(503, false),
  CONNECT(Failure.CONNECT),
  RESET(Failure.RESET),
  TIMEOUT(Failure.TIMEOUT),
  /** It has not ended yet, and takes long. */
  SLOW(0, false),
  /** Not sent: the client had a stored copy, a 202, or a 503. */
  KEPT(0, false);

  private final int status;
  private final boolean marked;
  private final Failure failure;

  Ending(int status, boolean marked) {
    this.status = status;
    this.marked = marked;
    this.failure = Failure.STATUS_5XX;
  }

  Ending(Failure failure) {
    this.status = 0;
    this.marked = false;
    this.failure = failure;
  }

  static Ending of(int status, boolean marked) {
    if (status < 500) {
      return OK;
    }
    boolean unavailable = status >= 502 && status <= 504;
    if (marked) {
      return unavailable ? OWN_UNAVAILABLE : OWN_ERROR;
    }
    return unavailable ? UNAVAILABLE : ERROR;
  }

  static Ending of(Failure failure) {
    return switch (failure) {
      case CONNECT -> CONNECT;
      case RESET -> RESET;
      case TIMEOUT -> TIMEOUT;
      case STATUS_5XX -> UNAVAILABLE;
    };
  }

  /** As recordings have it: {@code own-error}. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  boolean failed() {
    return this != OK && this != SLOW && this != KEPT;
  }

  boolean answeredWithError() {
    return status >= 500;
  }

  /** Tells it as the data path would. */
  void witness(TrafficWitness witness, Flow flow) {
    switch (this) {
      case SLOW -> witness.slow(flow.backendId(), flow.needs());
      case KEPT -> {}
      case CONNECT, RESET, TIMEOUT -> witness.failed(flow.backendId(), flow.needs(), failure);
      default -> witness.answered(flow.backendId(), flow.needs(), status, marked);
    }
  }

  /** Ends a permit as the data path would. */
  void settle(Permit permit) {
    switch (this) {
      case OK -> permit.succeeded();
      case OWN_ERROR, ERROR, SLOW, KEPT -> permit.released();
      default -> permit.failed(failure);
    }
  }
}
