package dev.sluice.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Header names and principals. */
final class Tokens {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}";
  private static final Pattern OF_HEADER = Pattern.compile("header\\(\\s*(" + TOKEN + ")\\s*\\)");

  private static final Pattern OF_CLAIM =
      Pattern.compile("jwt\\(\\s*([A-Za-z0-9_.:/-]{1,100})\\s*\\)");

  private Tokens() {}

  static String header(Fields f, String key, String otherwise) {
    Scalar name = f.textScalar(key);
    if (name == null || name.text().matches(TOKEN)) {
      return name == null ? otherwise : name.text();
    }
    f.problems().error(name.place(), key + " must be the name of a header, not " + name.said());
    return otherwise;
  }

  /** Whether it may be the name of a header. */
  static boolean header(String text) {
    return text.matches(TOKEN);
  }

  /** The name in {@code header(NAME)}; null where the text is something else. */
  static @Nullable String headerOf(String text) {
    Matcher header = OF_HEADER.matcher(text);
    return header.matches() ? header.group(1) : null;
  }

  /** The principal under the key {@code principal}; anonymous when it is missing. */
  static Principal principal(Fields f) {
    Scalar scalar = f.textScalar("principal");
    if (scalar == null) {
      return new Principal.Anonymous();
    }
    if (scalar.text().equals("public")) {
      return new Principal.Public();
    }
    String header = headerOf(scalar.text());
    if (header != null) {
      return new Principal.Header(header);
    }
    Matcher claim = OF_CLAIM.matcher(scalar.text());
    if (claim.matches()) {
      issued(f, scalar);
      return new Principal.Claim(claim.group(1));
    }
    f.problems()
        .error(
            scalar.place(),
            "principal must be public, header(NAME) or jwt(CLAIM), not " + scalar.said(),
            "write public, or header(NAME) such as header(Authorization)");
    return new Principal.Anonymous();
  }

  private static void issued(Fields f, Scalar principal) {
    f.reading()
        .whenWhole(
            whole -> {
              if (whole.operation().issuer() == null) {
                f.problems()
                    .error(
                        principal.place(),
                        "principal jwt(...) needs to know whose tokens are believed",
                        "add tokens: { issuer: ..., audience: ..., keys: https://... }");
              }
            });
  }
}
