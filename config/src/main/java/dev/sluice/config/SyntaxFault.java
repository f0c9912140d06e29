package dev.sluice.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Words for what a YAML parser stumbled over, with where it began and what to do. Pure. */
final class SyntaxFault {
  static final String TEMPLATE = "quote {{ }}, or render the template first";

  private static final Pattern NO_TOKEN =
      Pattern.compile("found character '(.+?)' that cannot start any token\\..*");

  private SyntaxFault() {}

  static String message(MarkedYamlEngineException fault) {
    Matcher token = NO_TOKEN.matcher(problem(fault));
    if (!token.matches()) {
      return "not YAML: " + problem(fault).strip();
    }
    String character = token.group(1).endsWith("(TAB)") ? "a tab" : "'" + token.group(1) + "'";
    return "not YAML: no value begins with " + character;
  }

  static @Nullable String hint(MarkedYamlEngineException fault, String text) {
    List<String> hints = new ArrayList<>();
    Optional<Mark> begun = fault.getContextMark();
    Optional<Mark> at = fault.getProblemMark();
    if (begun.isPresent() && at.isPresent() && begun.get().getIndex() != at.get().getIndex()) {
      Mark mark = begun.get();
      hints.add("begun at " + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1));
    }
    String mend = mend(fault, text);
    if (mend != null) {
      hints.add(mend);
    }
    return hints.isEmpty() ? null : String.join("; ", hints);
  }

  private static @Nullable String mend(MarkedYamlEngineException fault, String text) {
    boolean template =
        fault.getProblemMark().map(m -> line(text, m.getLine()).contains("{{")).orElse(false)
            || fault
                .getContextMark()
                .map(m -> line(text, m.getLine()).contains("{{"))
                .orElse(false);
    if (template) {
      return TEMPLATE;
    }
    String problem = problem(fault);
    if (problem.contains("(TAB)")) {
      return "use spaces";
    }
    if (problem.startsWith("mapping values are not allowed")) {
      return "quote a value that holds ': '";
    }
    boolean quote = NO_TOKEN.matcher(problem).matches() || problem.startsWith("unexpected char");
    return quote ? "quote it" : null;
  }

  private static String problem(MarkedYamlEngineException fault) {
    String problem = fault.getProblem();
    return problem == null ? "it cannot be read" : problem;
  }

  private static String line(String text, int line) {
    return text.lines().skip(line).findFirst().orElse("");
  }
}
