package dev.sluice.gateway.init;

import dev.sluice.gateway.init.Findings.HealthRoute;

/** A first route file: everything is forwarded as it is, and what would be done is only counted. */
public final class FirstFile {
  /** The variable that holds the database's URL, so that no password stands in the file. */
  public static final String DATABASE = "PROBE_URL";

  private final Findings found;
  private final StringBuilder out = new StringBuilder();

  private FirstFile(Findings found) {
    this.found = found;
  }

  /** The file's text, which loads without an error where {@link #DATABASE} is set. */
  public static String text(Findings found) {
    FirstFile file = new FirstFile(found);
    file.head();
    file.dependencies();
    file.backend();
    file.routes();
    return file.out.toString();
  }

  private void line(String text) {
    out.append(text).append('\n');
  }

  private void head() {
    line("# The first route file of " + found.id() + ", by " + found.origin() + ".");
    line("# ./sluice check --config FILE tells every problem of it; ./sluice schema has all keys.");
    line("environment: development");
    line("");
    line(
        "# Every request is forwarded as it is. What Sluice would have done is counted, logged and");
    line("# shown: take this line out once you believe it. Single routes may say it too.");
    line("mode: observe");
    line("");
    line("listen: { port: \"${PORT:8080}\" }");
    line("admin: { port: 9090 }      # the status page: http://127.0.0.1:9090");
    line("");
    line("# Stored copies outlive the process, and writes can be held, with a store:");
    line("# store: { url: \"sqlite:./data/sluice.db\", key: \"${SLUICE_STORE_KEY}\" }");
    line("");
  }

  private void dependencies() {
    String network = found.connector() ? ", network: vpc" : "";
    String mark = found.database() ? "" : "# ";
    line("# The database, by a role that may only connect and read statistics.");
    line(mark + "dependencies:");
    line(mark + "  - { id: db, type: postgresql, url: \"${" + DATABASE + "}\"" + network + " }");
    line("");
    if (found.connector()) {
      line("networks:");
      line("  - { id: vpc, kind: vpc-connector }");
      line("");
    }
    line("# Something else on the same network tells a broken network from a broken database:");
    line("# controls:");
    line("#   - { id: redis, type: tcp, url: \"tcp://10.0.0.5:6379\"" + network + " }");
    line("");
  }

  private void backend() {
    HealthRoute health = found.health();
    line("backends:");
    line("  - id: " + found.id());
    line("    url: \"" + found.backend() + "\"");
    line((found.database() ? "    " : "    # ") + "depends-on: [db]");
    if (health == null) {
      line("    # health: { path: /health, format: status }   # actuator, health-json or status");
    } else {
      line("    health: { path: \"" + health.path() + "\", format: " + health.format() + " }");
    }
    line("");
  }

  private void routes() {
    line("routes:");
    line("  # For load balancers: says how the backend is, and that it is well while only its");
    line("  # database is away, so that nobody restarts it for that.");
    String mark = found.health() == null ? "  # " : "  ";
    String match = "match: { path: /health/" + found.id() + " }, backend: " + found.id();
    line(mark + "- { id: health, " + match + ", kind: health }");
    line("  - id: all");
    line("    match: { path: \"/**\" }");
    line("    backend: " + found.id());
    line("    # In an outage, once mode is not observe any more:");
    line("    # reads: { cache: fallback, principal: public }    # serves stored copies");
    line(
        "    # writes: { accept: when-preferred, replay-as: gateway, principal: public }    # holds writes");
  }
}
