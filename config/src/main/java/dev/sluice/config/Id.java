package dev.sluice.config;

import org.jspecify.annotations.Nullable;

/** Reads ids, those given and those meant. */
final class Id {
  private static final String SHAPE = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";

  private Id() {}

  /** The id under {@code id}; empty after a problem. */
  static String read(Fields f, Ids.Kind kind) {
    Scalar id = f.requiredScalar("id");
    if (id == null) {
      return "";
    }
    if (!id.text().matches(SHAPE)) {
      f.problems()
          .error(id.place(), "id must be 1 to 63 letters, digits, dots, dashes or underscores");
      return "";
    }
    f.reading().ids().give(kind, id);
    return id.text();
  }

  /** The id that an optional key means. */
  static @Nullable String refer(Fields f, String key, Ids.Kind kind) {
    return meant(f, f.textScalar(key), kind);
  }

  /** The id that a key must mean; empty after a problem. */
  static String referRequired(Fields f, String key, Ids.Kind kind) {
    String id = meant(f, f.requiredScalar(key), kind);
    return id == null ? "" : id;
  }

  private static @Nullable String meant(Fields f, @Nullable Scalar id, Ids.Kind kind) {
    if (id == null) {
      return null;
    }
    f.reading().ids().mean(kind, id);
    return id.text();
  }
}
