package dev.sluice.probes.breaker;

import java.time.Duration;

/**
 * What a gateway heeds of others that guard the same dependencies: what comes back is to meet all
 * their traffic a share at a time, not each gateway's. From any thread.
 */
public interface Together {
  /** Nobody else guards them. */
  Together ALONE =
      new Together() {
        @Override
        public Duration turn() {
          return Duration.ZERO;
        }

        @Override
        public int gateways() {
          return 1;
        }
      };

  /** How long a dependency that is back waits until this gateway tries it; drawn at each return. */
  Duration turn();

  /** How many they are, this one among them. */
  int gateways();
}
