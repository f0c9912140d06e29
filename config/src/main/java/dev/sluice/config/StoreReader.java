package dev.sluice.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the durable store. */
final class StoreReader {
  private static final String EMBEDDED = "sqlite:";

  private StoreReader() {}

  static Store read(Fields f, String environment) {
    Scalar url = f.requiredScalar("url");
    boolean embedded = url == null || url.text().startsWith(EMBEDDED);
    Store store =
        new Store(
            url == null || !embedded ? "" : path(f, url),
            url == null || embedded ? null : shared(f, url),
            key(f, environment),
            oldKeys(f),
            f.number("max-records", 100_000, 1, 100_000_000),
            f.bytes("max-bytes", 1L << 30, 1L << 50),
            f.number("high-water", Store.HIGH_WATER, 1, 100),
            f.duration("retention", Duration.ofHours(24)),
            Id.refer(f, "network", Ids.Kind.NETWORK),
            f.flag("accept-volatile", false),
            f.flag("accept-shared-fate", false));
    f.end();
    String fault =
        store.path().isEmpty() || store.acceptVolatile()
            ? null
            : Volatility.of(Path.of(store.path()), f.reading().environment());
    if (fault != null) {
      f.problems()
          .error(
              f.place("url"),
              "the store would lose what it acknowledged: " + fault,
              "name a path on a disk that stays, or a shared store; accept-volatile: true takes it");
    }
    if (store.shared() != null) {
      Place place = f.place("url");
      f.reading().whenWhole(whole -> StoreRules.fate(f.problems(), place, store, whole));
    }
    return store;
  }

  private static String path(Fields f, Scalar url) {
    String path = url.text().substring(EMBEDDED.length());
    if (path.isBlank() || path.matches("(//|:|file:).*") || path.contains("?")) {
      refused(f, url);
    }
    return path;
  }

  private static Target.@Nullable Postgres shared(Fields f, Scalar url) {
    if (!url.text().matches("(?s)(r2dbc:|jdbc:)?(postgres|postgresql)://.*")) {
      refused(f, url);
      return null;
    }
    return new PostgresUrl(f.problems(), url.place()).read(url);
  }

  private static void refused(Fields f, Scalar url) {
    f.problems()
        .error(
            url.place(),
            "the store's url must be sqlite:PATH, or a PostgreSQL URL for a shared store",
            "such as sqlite:./data/sluice.db");
  }

  private static @Nullable Secret key(Fields f, String environment) {
    Scalar key = f.textScalar("key");
    if (key == null && !f.has("key") && !environment.equals("demo")) {
      f.problems()
          .warn(
              f.place(),
              "store has no key: writes are not queued",
              "key: \"${SLUICE_STORE_KEY}\" with 32 random bytes in base64");
    }
    return key == null ? null : secret(f, key, "the store's key");
  }

  private static List<Secret> oldKeys(Fields f) {
    List<Secret> keys = new ArrayList<>();
    List<Scalar> texts = f.texts("old-keys");
    for (Scalar text : texts == null ? List.<Scalar>of() : texts) {
      Secret key = secret(f, text, "an old key");
      if (key != null) {
        keys.add(key);
      }
    }
    return keys;
  }

  private static @Nullable Secret secret(Fields f, Scalar text, String name) {
    if (isKey(text.text())) {
      return new Secret(text.text());
    }
    f.problems()
        .error(
            text.place(), name + " is not 32 bytes in base64", "openssl rand -base64 32 makes one");
    return null;
  }

  private static boolean isKey(String text) {
    try {
      return Base64.getDecoder().decode(text).length == 32;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
