package dev.sluice.fallback.store;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How new the copies are that are known to lie in memory and in the database that gateways share,
 * so that forty gateways do not tell each other of the same popular answer all the time. What it
 * has forgotten is told once more. Used by one thread.
 */
final class SharedLedger {
  /** A copy that is newer by less is not worth telling. */
  private static final long WORTH = Duration.ofSeconds(10).toMillis();

  private static final int MOST_PLACES = 50_000;
  private static final int MOST_OF_A_PLACE = 64;

  /** By the tag of its target, then by its own. */
  private final Map<String, Map<String, Known>> places = new LinkedHashMap<>(16, .75f, true);

  /** When the newest were stored, in milliseconds. */
  private record Known(long here, long there) {
    static final Known NOTHING = new Known(Long.MIN_VALUE / 2, Long.MIN_VALUE / 2);
  }

  /** A copy lies in memory. */
  void here(String place, String id, long storedAt) {
    Known known = known(place, id);
    keep(place, id, new Known(Math.max(storedAt, known.here()), known.there()));
  }

  /** A copy lies in the database. */
  void there(String place, String id, long storedAt) {
    keep(place, id, new Known(known(place, id).here(), storedAt));
  }

  /** Whether the database is to be told of a copy. */
  boolean worthTelling(String place, String id, long storedAt) {
    return storedAt - known(place, id).there() >= WORTH;
  }

  /** Whether memory is to have a copy of the database's. */
  boolean worthHaving(String place, String id, long storedAt) {
    return storedAt - known(place, id).here() >= WORTH;
  }

  void forget(String place) {
    places.remove(place);
  }

  void forgetAll() {
    places.clear();
  }

  private Known known(String place, String id) {
    return places.getOrDefault(place, Map.of()).getOrDefault(id, Known.NOTHING);
  }

  private void keep(String place, String id, Known known) {
    Map<String, Known> copies = places.computeIfAbsent(place, same -> new HashMap<>());
    if (copies.size() >= MOST_OF_A_PLACE && !copies.containsKey(id)) {
      copies.clear();
    }
    copies.put(id, known);
    if (places.size() > MOST_PLACES) {
      places.remove(places.keySet().iterator().next());
    }
  }
}
