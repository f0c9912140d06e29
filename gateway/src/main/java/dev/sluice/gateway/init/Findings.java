package dev.sluice.gateway.init;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a backend before its first route file is written.
 *
 * @param id as it is called in the file
 * @param backend where it answers
 * @param health its own health route; null where none was found
 * @param database whether it has a PostgreSQL database that can be probed
 * @param connector whether it reaches that through a VPC connector
 * @param origin what tells all that, such as a file's name
 */
public record Findings(
    String id,
    URI backend,
    @Nullable HealthRoute health,
    boolean database,
    boolean connector,
    String origin) {
  private static final int LONGEST_ID = 40;

  /**
   * A health route that answered.
   *
   * @param format as a route file has it: {@code actuator}, {@code health-json} or {@code status}
   */
  public record HealthRoute(String path, String format) {}

  /**
   * Whether the backend stands beside the gateway, so that both go the same way to the database.
   */
  boolean beside() {
    String host = backend.getHost();
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  /** A name as a route file wants it. */
  public static String id(String name) {
    String plain =
        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    String known = plain.isEmpty() ? "app" : plain;
    return known.substring(0, Math.min(LONGEST_ID, known.length()));
  }
}
