package dev.sluice.gateway.proxy.upstream;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Which of a backend's endpoints a request goes to: of two taken by chance, the one with fewer
 * requests in flight. Ejected ones are left out, but for the one request that tries them. Belongs
 * to one event loop.
 */
final class Balance {
  private EndpointPool[] well = new EndpointPool[0];
  private boolean trial;

  /** Whether the last choice is the trial of an ejected endpoint. */
  boolean trial() {
    return trial;
  }

  /**
   * One of at least one.
   *
   * @param failed the endpoint to be used only where there is no other that is well
   */
  EndpointPool choose(EndpointPool[] all, @Nullable Endpoint failed, long now) {
    trial = false;
    return all.length == 1 ? all[0] : ofMany(all, failed, now);
  }

  @SuppressWarnings("ReferenceEquality") // each endpoint is there once
  private EndpointPool ofMany(EndpointPool[] all, @Nullable Endpoint failed, long now) {
    if (well.length < all.length) {
      well = new EndpointPool[all.length];
    }
    int count = 0;
    for (EndpointPool each : all) {
      if (each.endpoint() == failed) {
        continue;
      }
      if (!each.endpoint().ejected()) {
        well[count++] = each;
      } else if (each.endpoint().tried(now)) {
        trial = true;
        return each;
      }
    }
    return count == 0 ? lesser(all, all.length) : lesser(well, count);
  }

  private static EndpointPool lesser(EndpointPool[] from, int count) {
    if (count == 1) {
      return from[0];
    }
    ThreadLocalRandom random = ThreadLocalRandom.current();
    int first = random.nextInt(count);
    int second = random.nextInt(count - 1);
    EndpointPool one = from[first];
    EndpointPool other = from[second < first ? second : second + 1];
    return other.inFlight() < one.inFlight() ? other : one;
  }

  /** One that this attempt has not tried, those that are well first; null where there is none. */
  static @Nullable EndpointPool untried(EndpointPool[] all, Connecting attempt) {
    EndpointPool last = null;
    for (EndpointPool each : all) {
      if (!attempt.hasTried(each.endpoint())) {
        if (!each.endpoint().ejected()) {
          return each;
        }
        last = each;
      }
    }
    return last;
  }
}
