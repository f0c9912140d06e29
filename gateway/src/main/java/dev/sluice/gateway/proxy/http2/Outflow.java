package dev.sluice.gateway.proxy.http2;

/** What was written and has not left yet. */
public interface Outflow {
  /** Whether there is any. */
  boolean pending();

  /** Whether any has left since this was asked last. */
  boolean moved();

  /** Runs it once everything has left that was written before, or cannot leave any more. */
  void afterwards(Runnable then);
}
