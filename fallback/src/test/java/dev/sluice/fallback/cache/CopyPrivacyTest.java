package dev.sluice.fallback.cache;

import static dev.sluice.fallback.cache.Samples.ANONYMOUS;
import static dev.sluice.fallback.cache.Samples.NOW;
import static dev.sluice.fallback.cache.Samples.USER;
import static dev.sluice.fallback.cache.Samples.copy;
import static dev.sluice.fallback.cache.Samples.reads;
import static dev.sluice.fallback.cache.Samples.route;
import static dev.sluice.fallback.cache.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Principal;
import dev.sluice.config.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random traffic of many callers: whoever finds a copy caused it, or is as nameless as its cause.
 */
class CopyPrivacyTest {
  private static final List<String> USERS = List.of("ann", "bob", "ann ", "Ann", "ann,bob", "a");
  private static final List<String> SECRETS = List.of("Authorization", "cookie", "X-API-Key");
  private static final List<String> VARY = List.of("", "Accept", "Cookie", "X-User", "Accept, *");

  private final CopyStore store = new CopyStore(20_000);
  private int found;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 20260301})
  void noTwoPrincipalsEverShareACopy(long seed) {
    Random random = new Random(seed);
    for (int n = 0; n < 20_000; n++) {
      exchange(random);
    }
    assertThat(found).as("copies found with seed %d", seed).isGreaterThan(500);
  }

  private void exchange(Random random) {
    Principal principal = random.nextBoolean() ? USER : ANONYMOUS;
    Route route = route(principal.toString(), principal);
    String target = "/o/" + random.nextInt(4);
    List<Map.Entry<String, String>> request = request(random);
    String owner = route.id() + target + owner(principal, request);
    CopyKey key = CopyPolicy.key(route, "shop", target, request);
    if (owner.endsWith("nobody")) {
      assertThat(key).as("%s", request).isNull();
    } else if (key != null) {
      seek(key, request, owner);
      answer(random, principal, key, request, owner);
    }
  }

  private void seek(CopyKey key, List<Map.Entry<String, String>> request, String owner) {
    StoredCopy copy = store.find(key, HeaderFields.of(request));
    if (copy != null) {
      found++;
      assertThat(text(copy)).isEqualTo(owner);
    }
  }

  private void answer(
      Random random,
      Principal principal,
      CopyKey key,
      List<Map.Entry<String, String>> request,
      String owner) {
    StoredCopy copy = copy(owner, "Vary", VARY.get(random.nextInt(VARY.size())));
    Storable storable =
        CopyPolicy.storable(
            reads(principal, random.nextBoolean(), false),
            "GET",
            200,
            request,
            copy.headers(),
            NOW);
    if (storable == Storable.STORE) {
      store.keep(key, HeaderFields.of(request), copy);
    } else if (random.nextInt(20) == 0) {
      store.evictTarget(key.host(), key.target());
    }
  }

  private static List<Map.Entry<String, String>> request(Random random) {
    List<Map.Entry<String, String>> request = new ArrayList<>();
    for (int lines = random.nextInt(3); lines > 0; lines--) {
      String name = random.nextBoolean() ? "X-User" : "x-user";
      request.add(Map.entry(name, USERS.get(random.nextInt(USERS.size()))));
    }
    if (random.nextInt(3) == 0) {
      String name = SECRETS.get(random.nextInt(SECRETS.size()));
      request.add(Map.entry(name, USERS.get(random.nextInt(USERS.size()))));
    }
    return request;
  }

  /** Told apart here without the code under test. */
  private static String owner(Principal principal, List<Map.Entry<String, String>> request) {
    List<String> users = new ArrayList<>();
    boolean secret = false;
    for (Map.Entry<String, String> line : request) {
      if (line.getKey().equalsIgnoreCase("x-user")) {
        users.add(line.getValue());
      } else {
        secret = true;
      }
    }
    if (principal.equals(USER)) {
      return users.size() == 1 ? "user " + users.get(0) : "nobody";
    }
    return secret ? "nobody" : "anonymous";
  }
}
