package dev.sluice.config;

import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Leaves out of URLs what may be a secret: passwords, and the values of queries. Pure. */
final class Masks {
  static final String MASK = "***";

  /** Parameters whose values are words of a closed list. */
  private static final Set<String> HARMLESS = Set.of("sslmode", "sslMode");

  private static final Pattern DEFAULT = Pattern.compile("\\$\\{([A-Za-z0-9_]+):[^}]*}");
  private static final Pattern REFERENCES = Pattern.compile("(?:\\$\\{[A-Za-z0-9_]+})++");

  private Masks() {}

  /** The URL or path with its password and the values of its query masked. */
  static String url(String text) {
    int question = text.indexOf('?');
    if (question < 0) {
      return credentials(text);
    }
    String query =
        Arrays.stream(text.substring(question + 1).split("&", -1))
            .map(Masks::parameter)
            .collect(Collectors.joining("&"));
    return credentials(text.substring(0, question)) + "?" + query;
  }

  /** A URL as a file has it, with references whose values it does not hold. */
  static String reference(String raw) {
    return url(DEFAULT.matcher(raw).replaceAll("\\${$1}"));
  }

  /** A secret as a file has it: the names of variables, and nothing else. */
  static String secretReference(String raw) {
    return kept(DEFAULT.matcher(raw).replaceAll("\\${$1}"));
  }

  private static String parameter(String parameter) {
    int equals = parameter.indexOf('=');
    if (equals < 0) {
      return kept(parameter);
    }
    String key = parameter.substring(0, equals);
    String value = parameter.substring(equals + 1);
    return key + "=" + (HARMLESS.contains(key) ? value : kept(value));
  }

  private static String credentials(String main) {
    int scheme = main.indexOf("://");
    int at = main.lastIndexOf('@');
    if (scheme < 0 || at < scheme + 3) {
      return main;
    }
    String before = main.substring(scheme + 3, at);
    int colon = before.indexOf(':');
    String user = colon < 0 ? before : before.substring(0, colon + 1);
    String password = colon < 0 ? "" : kept(before.substring(colon + 1));
    return main.substring(0, scheme + 3) + user + password + main.substring(at);
  }

  private static String kept(String value) {
    return value.isEmpty() || REFERENCES.matcher(value).matches() ? value : MASK;
  }
}
