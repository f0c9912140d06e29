package dev.sluice.config;

import dev.sluice.config.Operation.Owner;
import dev.sluice.config.Operation.Platform;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code owners:} and {@code platform:}. */
final class OperationReader {
  /** What may stand in a command without quotes. */
  private static final String PLAIN = "[A-Za-z0-9][A-Za-z0-9._:-]{0,99}";

  private OperationReader() {}

  static Map<String, Owner> owners(Fields f) {
    Map<String, Owner> owners = new LinkedHashMap<>();
    for (String detail : Operation.DETAILS) {
      if (f.has(detail)) {
        owners.put(detail, f.choice(detail, Owner.INFRASTRUCTURE));
      }
    }
    f.end();
    return owners;
  }

  static Platform platform(Fields f) {
    f.requiredScalar("kind");
    Platform.Kind kind = f.choice("kind", Platform.Kind.GCP);
    String project = required(f, "project");
    String region = required(f, "region");
    Scalar connector = f.textScalar("connector");
    Platform platform =
        new Platform(
            kind,
            project,
            region,
            connector == null ? null : plain(f, "connector", connector),
            names(f.section("instances"), Ids.Kind.DEPENDENCY),
            names(f.section("services"), Ids.Kind.BACKEND),
            f.flag("facts", false));
    f.end();
    return platform;
  }

  private static String required(Fields f, String key) {
    Scalar name = f.requiredScalar(key);
    return name == null ? "" : plain(f, key, name);
  }

  private static String plain(Fields f, String key, Scalar name) {
    if (!name.text().matches(PLAIN)) {
      f.problems()
          .error(
              name.place(),
              key + " must be letters, digits, '.', ':', '_' and '-', not " + name.said());
    }
    return name.text();
  }

  /** Names of the platform's own by ids of the route files. */
  private static Map<String, String> names(Fields f, Ids.Kind kind) {
    Map<String, String> names = new LinkedHashMap<>();
    for (Scalar id : f.keys()) {
      f.reading().ids().mean(kind, id);
      @Nullable Scalar name = f.textScalar(id.text());
      if (name != null) {
        names.put(id.text(), plain(f, id.text(), name));
      }
    }
    f.end();
    return names;
  }
}
