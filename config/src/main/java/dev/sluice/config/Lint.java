package dev.sluice.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What is allowed and hurts in production. */
final class Lint {
  private static final Pattern AGGREGATE =
      Pattern.compile(
          "\\b(count|sum|avg|min|max|array_agg|string_agg|json_agg)\\s*\\(|\\bgroup\\s+by\\b");
  private static final Pattern FROM = Pattern.compile("\\bfrom\\b");
  private static final Pattern LIMIT =
      Pattern.compile("\\blimit\\s+\\S|\\bfetch\\s+(first|next)\\b");
  private static final List<String> UNSUITABLE =
      List.of("login", "token", "payment", "graphql", "oauth", "password");

  private Lint() {}

  static void fullQuery(Problems problems, Scalar query) {
    String sql = query.text().toLowerCase(Locale.ROOT).strip();
    if (AGGREGATE.matcher(sql).find()) {
      problems.warn(
          query.place(),
          "full-query aggregates: it reads more the more the table grows",
          "select 1 from TABLE limit 1 is enough");
    } else if (FROM.matcher(sql).find() && !LIMIT.matcher(sql).find()) {
      problems.warn(
          query.place(), "full-query has no LIMIT", "select 1 from TABLE limit 1 is enough");
    }
    if (!sql.startsWith("select") && !sql.startsWith("with") && !sql.startsWith("table")) {
      problems.warn(query.place(), "full-query is no SELECT", "a probe should only read");
    }
  }

  static void path(Problems problems, Scalar path) {
    if (path.text().contains("{") || path.text().contains("}")) {
      problems.warn(
          path.place(), "braces in a path stand for themselves", "write * for any one segment");
    }
  }

  static void queue(Problems problems, Place place, String path) {
    if (path.contains("**")) {
      problems.warn(
          place,
          "a queue on a wildcard path takes writes that nobody had in mind",
          "name each path that may wait");
    }
    String folded = path.toLowerCase(Locale.ROOT);
    for (String word : UNSUITABLE) {
      if (folded.contains(word)) {
        problems.warn(
            place,
            "a queue on a path with '" + word + "' in it: such requests should fail, not wait",
            "leave writes out here");
        return;
      }
    }
  }
}
