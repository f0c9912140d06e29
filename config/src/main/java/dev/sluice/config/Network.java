package dev.sluice.config;

import org.jspecify.annotations.Nullable;

/**
 * A way that several dependencies share.
 *
 * @param kind for sentences and remedies
 * @param through the network that this one runs over; null when there is none
 */
public record Network(String id, Kind kind, @Nullable String through, Place place) {
  /** What a network is made of. */
  public enum Kind {
    VPC_CONNECTOR,
    PRIVATE_SERVICE_ACCESS,
    EGRESS,
    OTHER
  }
}
