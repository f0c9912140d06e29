package dev.sluice.config;

import dev.sluice.config.Operation.Platform;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code owners:}, {@code platform:} and {@code tokens:}. */
final class OperationReader {
  /** What may stand in a command without quotes. */
  private static final String PLAIN = "[A-Za-z0-9][A-Za-z0-9._:-]{0,99}";

  private OperationReader() {}

  static AccessLog accessLog(Fields f) {
    AccessLog log =
        new AccessLog(
            f.choice("lines", AccessLog.DEFAULT.lines()),
            f.number("one-in", AccessLog.DEFAULT.oneIn(), 1, 1_000_000));
    f.end();
    return log;
  }

  static Map<String, String> owners(Fields f) {
    Map<String, String> owners = new LinkedHashMap<>();
    for (String detail : Operation.DETAILS) {
      Scalar team = f.textScalar(detail);
      if (team != null) {
        if (!Alerts.USUAL_TEAMS.contains(team.text())) {
          f.reading().ids().mean(Ids.Kind.TEAM, team);
        }
        owners.put(detail, team.text());
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

  static TokenIssuer tokens(Fields f) {
    Scalar issuer = f.requiredScalar("issuer");
    Scalar audience = f.requiredScalar("audience");
    Scalar keys = f.requiredScalar("keys");
    TokenIssuer tokens =
        new TokenIssuer(
            issuer == null ? "" : issuer.text(),
            audience == null ? "" : audience.text(),
            keys == null ? URI.create("file:/") : location(f, keys));
    f.end();
    return tokens;
  }

  /** Keys that come over the network in the clear could be anybody's. */
  static URI location(Fields f, Scalar keys) {
    URI uri = uri(keys.text());
    if (uri == null || !safe(uri)) {
      f.problems()
          .error(
              keys.place(),
              "keys must be an https or file URL of a JSON Web Key Set, not " + keys.said(),
              "such as https://issuer.example/.well-known/jwks.json, or file:/etc/sluice/keys.json");
      return URI.create("file:/");
    }
    return uri;
  }

  private static boolean safe(URI uri) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme();
    String host = uri.getHost() == null ? "" : uri.getHost();
    return switch (scheme) {
      case "https" -> !host.isEmpty();
      case "http" -> host.equals("127.0.0.1") || host.equals("localhost");
      case "file" -> uri.getPath() != null;
      default -> false;
    };
  }

  private static @Nullable URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      return null;
    }
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
