package dev.sluice.gateway.app;

import java.time.Clock;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** The clocks that everything else is given. */
public final class Clocks {
  private Clocks() {}

  /** The wall clock. */
  public static InstantSource instants() {
    return Clock.systemUTC();
  }

  /** The monotonic clock. */
  public static LongSupplier nanos() {
    return System::nanoTime;
  }
}
