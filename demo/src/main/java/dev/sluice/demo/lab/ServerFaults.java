package dev.sluice.demo.lab;

import static dev.sluice.demo.lab.Truth.database;
import static dev.sluice.probes.verdict.Cause.APPLICATION;
import static dev.sluice.probes.verdict.Cause.INFRASTRUCTURE;
import static dev.sluice.probes.verdict.Detail.ACCESS_RULE;
import static dev.sluice.probes.verdict.Detail.CONNECTIONS_EXHAUSTED;
import static dev.sluice.probes.verdict.Detail.CONNECTIONS_EXHAUSTED_BY_APP;
import static dev.sluice.probes.verdict.Detail.CREDENTIALS;
import static dev.sluice.probes.verdict.Detail.MISSING_DATABASE;
import static dev.sluice.probes.verdict.Detail.READ_ONLY_NODE;
import static dev.sluice.probes.verdict.Detail.RESTARTING;
import static dev.sluice.probes.verdict.Detail.SERVER_REFUSING;
import static dev.sluice.probes.verdict.Detail.SILENT_SERVER;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.lab.Fault.Trait;
import dev.sluice.demo.postgres.EmbeddedPostgres;
import dev.sluice.demo.postgres.Node;
import java.util.List;
import java.util.stream.Stream;

/** Faults of the PostgreSQL server and of who is let in. */
final class ServerFaults {
  private static final String NOBODY = "host all orders,probe all reject";

  private ServerFaults() {}

  static List<Fault> all() {
    return Stream.of(processes(), nodes(), entry()).flatMap(List::stream).toList();
  }

  private static List<Fault> processes() {
    return List.of(
        Fault.of(
                "killed",
                "the server is killed with SIGKILL, its port refuses",
                cell -> cell.world().kill(),
                database(INFRASTRUCTURE, SERVER_REFUSING))
            .mended(cell -> postgres(cell).restart())
            .with(Trait.OPENS),
        Fault.of(
                "stopped",
                "all processes of the server are stopped with SIGSTOP",
                cell -> postgres(cell).freeze(),
                database(INFRASTRUCTURE, SILENT_SERVER))
            .mended(cell -> postgres(cell).thaw())
            .with(Trait.OPENS)
            .with(Trait.OFTEN),
        Fault.of(
                "shutting-down",
                "the server waits for its last session to end",
                Held::lastSession,
                database(INFRASTRUCTURE, RESTARTING))
            .mended(
                cell -> {
                  cell.release();
                  postgres(cell).restart();
                })
            .with(Trait.UNMET),
        Fault.of(
                "restart-loop",
                "the server is killed and started again, over and over",
                cell -> cell.repeat(2_500, () -> loop(cell)),
                database(INFRASTRUCTURE, SERVER_REFUSING, RESTARTING, SILENT_SERVER))
            .mended(
                cell -> {
                  cell.release();
                  postgres(cell).restart();
                }));
  }

  private static void loop(Cell cell) {
    postgres(cell).restart();
    cell.world().database(Mode.PASS);
    cell.world().kill();
  }

  private static List<Fault> nodes() {
    return List.of(
        Fault.of(
                "starting-up",
                "the server recovers and lets nobody in",
                cell -> postgres(cell).restartAs(Node.DEAF_STANDBY),
                database(INFRASTRUCTURE, RESTARTING))
            .mended(cell -> postgres(cell).restart())
            .with(Trait.OFTEN),
        Fault.of(
                "standby",
                "a failover made it a standby",
                cell -> postgres(cell).restartAs(Node.STANDBY),
                database(INFRASTRUCTURE, READ_ONLY_NODE))
            .mended(cell -> postgres(cell).restart()),
        Fault.of(
                "read-only",
                "transactions are read-only by a setting",
                cell -> {
                  postgres(cell)
                      .administer("alter database orders set default_transaction_read_only = on");
                  endSessions(cell);
                },
                database(INFRASTRUCTURE, READ_ONLY_NODE))
            .mended(
                cell -> {
                  postgres(cell)
                      .administer("alter database orders reset default_transaction_read_only");
                  endSessions(cell);
                }));
  }

  private static List<Fault> entry() {
    return List.of(
        Fault.of(
                "wrong-password",
                "the passwords of backend and probe were changed",
                cell -> {
                  passwords(cell, "another");
                  endSessions(cell);
                },
                database(INFRASTRUCTURE, CREDENTIALS))
            .mended(cell -> passwords(cell, postgres(cell).password()))
            .with(Trait.OFTEN),
        Fault.of(
                "login-forbidden",
                "the roles may not log in any more",
                cell -> {
                  postgres(cell).administer("alter role orders nologin; alter role probe nologin");
                  endSessions(cell);
                },
                database(INFRASTRUCTURE, ACCESS_RULE, CREDENTIALS))
            .mended(
                cell ->
                    postgres(cell).administer("alter role orders login; alter role probe login")),
        Fault.of(
                "no-access-rule",
                "pg_hba.conf rejects the roles",
                cell -> {
                  postgres(cell).rule(NOBODY);
                  endSessions(cell);
                },
                database(INFRASTRUCTURE, ACCESS_RULE))
            .mended(cell -> postgres(cell).unrule(NOBODY)),
        Fault.of(
                "missing-database",
                "the database was renamed",
                cell -> renamed(cell, "orders", "elsewhere"),
                database(INFRASTRUCTURE, MISSING_DATABASE))
            .mended(cell -> renamed(cell, "elsewhere", "orders")),
        Fault.of(
                "slots-taken-by-others",
                "sessions of another database take every slot",
                cell -> Held.slots(cell, "stranger", "postgres"),
                database(INFRASTRUCTURE, CONNECTIONS_EXHAUSTED))
            .mended(Cell::release)
            .with(Trait.UNMET),
        Fault.of(
                "slots-taken-by-us",
                "sessions of the application take every slot",
                cell -> Held.slots(cell, "worker", "orders"),
                database(APPLICATION, CONNECTIONS_EXHAUSTED_BY_APP))
            .mended(Cell::release)
            .with(Trait.UNMET));
  }

  private static void passwords(Cell cell, String password) {
    for (String role : List.of("orders", "probe")) {
      postgres(cell).administer("alter role " + role + " password '" + password + "'");
    }
  }

  private static void renamed(Cell cell, String from, String to) {
    postgres(cell).administer("alter database " + from + " allow_connections false");
    postgres(cell)
        .administer(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '"
                + from
                + "'");
    postgres(cell).administer("alter database " + from + " rename to " + to);
    postgres(cell).administer("alter database " + to + " allow_connections true");
  }

  /** As a failover does, or an administrator after a change. */
  static void endSessions(Cell cell) {
    postgres(cell)
        .administer(
            "select pg_terminate_backend(pid) from pg_stat_activity"
                + " where backend_type = 'client backend' and pid <> pg_backend_pid()");
  }

  private static EmbeddedPostgres postgres(Cell cell) {
    return cell.world().postgres();
  }
}
