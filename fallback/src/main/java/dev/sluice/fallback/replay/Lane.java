package dev.sluice.fallback.replay;

/** One route's share of the replay: its ramp and its writes in flight. For one thread. */
final class Lane {
  private final String routeId;
  private final Ramp ramp;
  private final Slowness slowness = new Slowness();
  private final ReplayListener listener;
  private int inFlight;
  private boolean claiming;

  Lane(String routeId, int bound, ReplayListener listener) {
    this.routeId = routeId;
    this.ramp = new Ramp(bound);
    this.listener = listener;
  }

  String routeId() {
    return routeId;
  }

  int inFlight() {
    return inFlight;
  }

  /** How many more may go now; none while a claim is under way. */
  int spare() {
    return claiming ? 0 : Math.max(0, ramp.level() - inFlight);
  }

  /** Reserves room for what a claim may bring. */
  void claim(int reserved) {
    claiming = true;
    inFlight += reserved;
  }

  void claimed(int unused) {
    claiming = false;
    inFlight -= unused;
  }

  void left() {
    inFlight--;
  }

  /** An attempt came to an end. */
  void came(Attempts.Made made) {
    ReplayOutcome outcome = made.outcome();
    int before = ramp.level();
    if (outcome instanceof ReplayOutcome.NotSent) {
      ramp.restart();
    } else if (Outcomes.trouble(outcome) || slowness.slow(made.took(), before)) {
      ramp.trouble();
    } else {
      ramp.good();
    }
    tell(before);
  }

  void closed() {
    int before = ramp.level();
    ramp.restart();
    tell(before);
  }

  private void tell(int before) {
    if (ramp.level() != before) {
      listener.pace(routeId, ramp.level());
    }
  }
}
