package dev.sluice.demo.lab;

import static dev.sluice.demo.lab.Truth.backend;
import static dev.sluice.demo.lab.Truth.database;
import static dev.sluice.probes.verdict.Cause.INFRASTRUCTURE;
import static dev.sluice.probes.verdict.Cause.NONE;
import static dev.sluice.probes.verdict.Detail.GATEWAY_VIEW;
import static dev.sluice.probes.verdict.Detail.HEALTHY;
import static dev.sluice.probes.verdict.Detail.INSTANCE_UNREACHABLE;
import static dev.sluice.probes.verdict.Detail.SILENT_SERVER;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.lab.Fault.Trait;
import java.util.List;

/** What happens every day and must lead to no blame, and what comes and goes. */
final class HarmlessFaults {
  private static final long FLAP_MILLIS = 3_000;

  private HarmlessFaults() {}

  static List<Fault> all() {
    return List.of(
        harmless("calm", "nothing is broken", cell -> {}).with(Trait.OFTEN),
        harmless(
            "lossy",
            "one packet in a hundred is lost on every way",
            cell -> {
              cell.world().vpc(Mode.LOSSY);
              cell.world().front().mode(Mode.LOSSY);
            }),
        harmless("deploy", "the backend is replaced", cell -> cell.world().restartBackend()),
        Fault.of(
                "probe-password",
                "only the probe's own password is wrong",
                cell -> cell.world().postgres().administer("alter role probe password 'another'"),
                database(NONE, GATEWAY_VIEW),
                backend(NONE, HEALTHY))
            .mended(
                cell ->
                    cell.world()
                        .postgres()
                        .administer(
                            "alter role probe password '"
                                + cell.world().postgres().password()
                                + "'"))
            .apart()
            .under(Load.When.ALWAYS)
            .with(Trait.HARMLESS)
            .with(Trait.OFTEN),
        Fault.of(
                "flapping",
                "the way to the database breaks and mends every three seconds",
                cell -> cell.repeat(1, () -> flap(cell)),
                database(INFRASTRUCTURE, INSTANCE_UNREACHABLE, SILENT_SERVER))
            .mended(Cell::release)
            .with(Trait.SLOW));
  }

  private static Fault harmless(String id, String says, java.util.function.Consumer<Cell> breaks) {
    return Fault.of(id, says, breaks, database(NONE, HEALTHY), backend(NONE, HEALTHY))
        .with(Trait.HARMLESS);
  }

  private static void flap(Cell cell) {
    cell.world().database(Mode.BLACK_HOLE);
    Experiment.pause(FLAP_MILLIS);
    cell.world().database(Mode.PASS);
    Experiment.pause(FLAP_MILLIS);
  }
}
