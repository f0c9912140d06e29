package dev.sluice.gateway.child;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes secrets out of a process' lines: the values of those variables of its environment whose
 * names say that they are secret, passwords in URLs, and what stands behind words such as password
 * and token.
 */
final class Scrubber {
  private static final String MASK = "***";

  /** Shorter values are words of everyday, and masking them would hide the message. */
  private static final int SHORTEST = 6;

  private static final Pattern SECRET_NAME =
      Pattern.compile("PASS|SECRET|TOKEN|KEY|CREDENTIAL|DSN", Pattern.CASE_INSENSITIVE);
  private static final Pattern URL_PASSWORD = Pattern.compile("(://[^\\s/:@]*:)[^\\s/@]+@");
  private static final Pattern NAMED =
      Pattern.compile(
          "((?:password|passwd|pwd|secret|token|api[-_]?key|authorization)[\"']?\\s*[=:]\\s*[\"']?"
              + "(?:bearer |basic )?)[^\\s\"',;&]+",
          Pattern.CASE_INSENSITIVE);

  private final List<String> values;

  Scrubber(Map<String, String> environment) {
    values =
        environment.entrySet().stream()
            .filter(entry -> SECRET_NAME.matcher(entry.getKey()).find())
            .map(Map.Entry::getValue)
            .filter(value -> value.length() >= SHORTEST)
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  String clean(String line) {
    String text = line;
    for (String value : values) {
      text = text.replace(value, MASK);
    }
    text = URL_PASSWORD.matcher(text).replaceAll("$1" + Matcher.quoteReplacement(MASK) + "@");
    return NAMED.matcher(text).replaceAll("$1" + Matcher.quoteReplacement(MASK));
  }
}
