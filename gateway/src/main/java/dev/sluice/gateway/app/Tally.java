package dev.sluice.gateway.app;

import dev.sluice.gateway.alerts.Served;
import dev.sluice.gateway.proxy.ExchangeObserver.Ended;
import java.util.concurrent.atomic.LongAdder;

/** Counts what clients were given since the start. Safe from any thread. */
final class Tally {
  private final LongAdder forwarded = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder copies = new LongAdder();
  private final LongAdder held = new LongAdder();
  private final LongAdder released = new LongAdder();
  private final LongAdder refused = new LongAdder();

  void ended(Ended exchange) {
    switch (exchange.outcome()) {
      case FORWARDED, ANSWERED -> (exchange.status() >= 500 ? failed : forwarded).increment();
      case STORED_COPY -> copies.increment();
      case QUEUED -> held.increment();
      case UPSTREAM_FAILED -> failed.increment();
      case REJECTED, SHED -> refuse(exchange.status());
      case HEALTH, MONITOR, RATE_LIMITED, CLIENT_GONE -> {}
    }
  }

  /** What a client got wrong is no refusal. */
  private void refuse(int status) {
    if (status >= 500) {
      refused.increment();
    }
  }

  void released() {
    released.increment();
  }

  Served served() {
    return new Served(
        forwarded.sum(), failed.sum(), copies.sum(), held.sum(), released.sum(), refused.sum());
  }
}
