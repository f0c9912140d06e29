package dev.sluice.gateway.proxy;

import dev.sluice.probes.breaker.Failure;
import dev.sluice.probes.monitor.TrafficWitness;
import java.util.List;

/** Told of everything, interested in faults alone: they fail the test. */
public final class Unheard implements TrafficWitness, ExchangeObserver {
  @Override
  public void answered(String backend, List<String> dependencies, int status, boolean marked) {}

  @Override
  public void failed(String backend, List<String> dependencies, Failure failure) {}

  @Override
  public void ended(Ended exchange) {}

  @Override
  public void differed(String routeId, String decision) {}

  @Override
  public void fault(String where, Throwable cause) {
    throw new AssertionError(where, cause);
  }
}
