package dev.sluice.probes.monitor;

import dev.sluice.config.Health.Probing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether probes follow their own clocks or come with health requests; callable from any thread.
 */
final class Pacing {
  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);

  private final Freeze freeze;
  private volatile Probing probing;
  private volatile boolean withRequests;

  Pacing(Probing probing, Freeze freeze) {
    this.probing = probing;
    this.freeze = freeze;
    look();
  }

  /** Goes over to what another configuration says. */
  void follow(Probing next) {
    probing = next;
    look();
  }

  /** Takes note of how this process has run lately; called every second that it does. */
  void look() {
    boolean now =
        switch (probing.when()) {
          case AUTO -> freeze.often();
          case BACKGROUND -> false;
          case PIGGYBACK, ON_DEMAND -> true;
        };
    if (now != withRequests) {
      withRequests = now;
      LOG.info(
          now
              ? "probes come with health requests now"
              : "probes follow their own clocks now, whether or not there are requests");
    }
  }

  /** True while a probe that is due waits for a health request. */
  boolean withRequests() {
    return withRequests;
  }

  /** True where a health request waits for the probes that it begins. */
  boolean onDemand() {
    return probing.when() == Probing.When.ON_DEMAND;
  }
}
