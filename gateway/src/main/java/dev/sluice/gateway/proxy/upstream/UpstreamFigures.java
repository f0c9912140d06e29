package dev.sluice.gateway.proxy.upstream;

import java.util.Map;

/**
 * A backend's connections, at one moment.
 *
 * @param open connections that are open now
 * @param idle those of them that wait in a pool
 * @param connects connections made so far
 * @param failures attempts so far that made none
 * @param ejections how often one of its addresses was ejected so far
 * @param ejected address, such as {@code 10.0.0.7:8080}, to whether it is ejected now
 */
public record UpstreamFigures(
    String backend,
    long open,
    long idle,
    long connects,
    long failures,
    long ejections,
    Map<String, Boolean> ejected) {
  public UpstreamFigures {
    ejected = Map.copyOf(ejected);
  }
}
