package dev.sluice.fallback.replay;

/** Whether the writes of a route may go to their backend now. */
public interface Gate {
  /** False while a breaker of the route is open. Asked from several threads: answer at once. */
  boolean open(String routeId);
}
