package dev.sluice.demo.lab;

import static dev.sluice.demo.lab.Truth.backend;
import static dev.sluice.demo.lab.Truth.database;
import static dev.sluice.probes.verdict.Cause.APPLICATION;
import static dev.sluice.probes.verdict.Cause.INFRASTRUCTURE;
import static dev.sluice.probes.verdict.Cause.NONE;
import static dev.sluice.probes.verdict.Cause.UNKNOWN;
import static dev.sluice.probes.verdict.Detail.APP_DOWN;
import static dev.sluice.probes.verdict.Detail.APP_ERROR;
import static dev.sluice.probes.verdict.Detail.APP_SILENT;
import static dev.sluice.probes.verdict.Detail.BACKEND_CREDENTIALS;
import static dev.sluice.probes.verdict.Detail.HEALTHY;
import static dev.sluice.probes.verdict.Detail.INSTANCE_UNREACHABLE;
import static dev.sluice.probes.verdict.Detail.PLATFORM_OR_APP;
import static dev.sluice.probes.verdict.Detail.POOL_EXHAUSTED;
import static dev.sluice.probes.verdict.Detail.SCHEMA;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.lab.Fault.Trait;
import java.util.List;

/** Faults of the backend, alone and beside one of the infrastructure. */
final class BackendFaults {
  private static final Truth WELL = database(NONE, HEALTHY);

  private BackendFaults() {}

  static List<Fault> all() {
    return List.of(
        Fault.of(
                "backend-down",
                "the backend has ended",
                cell -> cell.world().stopBackend(),
                backend(APPLICATION, APP_DOWN),
                WELL)
            .mended(cell -> cell.world().restartBackend())
            .with(Trait.OFTEN),
        Fault.of(
            "backend-refuses",
            "nobody listens on the backend's port",
            cell -> cell.world().front().mode(Mode.REFUSE),
            backend(APPLICATION, APP_DOWN),
            WELL),
        Fault.of(
            "backend-hangs",
            "the backend accepts and does not answer",
            cell -> cell.world().front().mode(Mode.SILENT),
            backend(APPLICATION, APP_DOWN),
            WELL),
        Fault.of(
            "backend-slow",
            "every answer of the backend comes three seconds late",
            cell -> cell.world().front().mode(Mode.SLOW),
            backend(APPLICATION, APP_DOWN),
            WELL),
        Fault.of(
                "backend-bug",
                "every order is answered with 500, the database is well",
                cell -> cell.world().backend().buggy(true),
                backend(APPLICATION, APP_ERROR),
                WELL)
            .mended(cell -> cell.world().backend().buggy(false))
            .under(Load.When.ALWAYS)
            .with(Trait.OFTEN),
        Fault.of(
                "pool-leak",
                "the backend takes connections and gives none back",
                cell -> cell.world().backend().leak(),
                backend(APPLICATION, POOL_EXHAUSTED),
                WELL)
            .mended(cell -> cell.world().restartBackend())
            .with(Trait.OFTEN),
        Fault.of(
                "backend-gone-elsewhere",
                "nobody listens on the port of a backend elsewhere",
                cell -> cell.world().front().mode(Mode.REFUSE),
                backend(UNKNOWN, PLATFORM_OR_APP),
                WELL)
            .apart(),
        Fault.of(
                "backend-silent-elsewhere",
                "a backend elsewhere accepts and does not answer",
                cell -> cell.world().front().mode(Mode.SILENT),
                backend(UNKNOWN, APP_SILENT),
                WELL)
            .apart(),
        Fault.of(
                "backend-password",
                "the backend was deployed with a wrong password",
                cell ->
                    cell.world()
                        .restartBackend(
                            cell.world()
                                .applicationUrl()
                                .replace(cell.world().postgres().password(), "wrong")),
                backend(APPLICATION, BACKEND_CREDENTIALS),
                WELL)
            .mended(cell -> cell.world().restartBackend()),
        Fault.of(
                "instance-and-backend",
                "the database is away and the backend has ended",
                cell -> {
                  cell.world().database(Mode.BLACK_HOLE);
                  cell.world().stopBackend();
                  cell.world().front().mode(Mode.REFUSE);
                },
                database(INFRASTRUCTURE, INSTANCE_UNREACHABLE),
                backend(APPLICATION, APP_DOWN))
            .mended(cell -> cell.world().restartBackend()),
        Fault.of(
                "redis-and-schema",
                "the second dependency is away and a migration dropped the table",
                cell -> {
                  cell.world().redis().mode(Mode.BLACK_HOLE);
                  cell.world().postgres().execute("alter table orders rename to orders_aside");
                },
                Truth.redis(INFRASTRUCTURE, INSTANCE_UNREACHABLE),
                database(APPLICATION, SCHEMA))
            .mended(
                cell ->
                    cell.world().postgres().execute("alter table orders_aside rename to orders"))
            .with(Trait.OFTEN));
  }
}
