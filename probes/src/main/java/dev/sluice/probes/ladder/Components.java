package dev.sluice.probes.ladder;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells whether a component of a health body is something that the backend depends on by its route
 * file. Mail, queues and others fail by themselves: their errors are no word on the database.
 */
final class Components {
  /** Words of a component's name that stand for a relational database or a pool of its sessions. */
  private static final Set<String> DATABASE =
      Set.of(
          "db",
          "database",
          "datasource",
          "jdbc",
          "r2dbc",
          "sql",
          "postgres",
          "postgresql",
          "pg",
          "hikari",
          "hikaricp",
          "jpa",
          "hibernate",
          "pool");

  /** With one of these it is another kind of database. */
  private static final Set<String> ANOTHER =
      Set.of("mongo", "influx", "dynamo", "couch", "neo4j", "cassandra", "elastic", "redis");

  private static final Pattern WORDS = Pattern.compile("[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])");
  private static final Pattern DRIVERS =
      Pattern.compile("postgres|r2dbc|jdbc|hikari|sqlstate", Pattern.CASE_INSENSITIVE);

  private final Set<String> ids = new HashSet<>();

  /**
   * @param mapped names of components that the route file maps to dependencies
   */
  Components(List<String> dependsOn, Set<String> mapped) {
    dependsOn.forEach(id -> ids.add(bare(id)));
    mapped.forEach(name -> ids.add(bare(name)));
  }

  /** By its name, else by the driver that its text names; without a name it is the whole. */
  boolean dependency(String name, String text) {
    if (name.isEmpty() || DRIVERS.matcher(text).find()) {
      return true;
    }
    Set<String> words = new HashSet<>();
    for (String part : name.split("[/:]")) {
      words.add(bare(part));
    }
    if (words.stream().anyMatch(ids::contains)) {
      return true;
    }
    for (String word : WORDS.split(name)) {
      words.add(word.toLowerCase(Locale.ROOT));
    }
    return words.stream().anyMatch(DATABASE::contains)
        && words.stream().noneMatch(ANOTHER::contains);
  }

  private static String bare(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }
}
