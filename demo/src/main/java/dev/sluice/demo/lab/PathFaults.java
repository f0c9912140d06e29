package dev.sluice.demo.lab;

import static dev.sluice.demo.lab.Truth.backend;
import static dev.sluice.demo.lab.Truth.database;
import static dev.sluice.demo.lab.Truth.redis;
import static dev.sluice.probes.verdict.Cause.INFRASTRUCTURE;
import static dev.sluice.probes.verdict.Cause.NONE;
import static dev.sluice.probes.verdict.Detail.BACKEND_PATH;
import static dev.sluice.probes.verdict.Detail.CREDENTIALS;
import static dev.sluice.probes.verdict.Detail.EGRESS;
import static dev.sluice.probes.verdict.Detail.GATEWAY_VIEW;
import static dev.sluice.probes.verdict.Detail.HEALTHY;
import static dev.sluice.probes.verdict.Detail.INSTANCE_UNREACHABLE;
import static dev.sluice.probes.verdict.Detail.SERVER_REFUSING;
import static dev.sluice.probes.verdict.Detail.SERVICE_ACCESS;
import static dev.sluice.probes.verdict.Detail.SILENT_SERVER;
import static dev.sluice.probes.verdict.Detail.VPC_PATH;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.lab.Fault.Trait;
import dev.sluice.probes.verdict.Detail;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Faults of the ways: of all, of the backend's alone, of the gateway's alone. */
final class PathFaults {
  private PathFaults() {}

  static List<Fault> all() {
    List<Fault> all = new ArrayList<>(networks());
    all.addAll(server());
    for (Mode mode : List.of(Mode.BLACK_HOLE, Mode.REFUSE, Mode.SILENT, Mode.RESET)) {
      all.add(backendsAlone(mode));
      all.add(gatewaysAlone(mode));
    }
    return all;
  }

  private static List<Fault> networks() {
    return List.of(
        Fault.of(
            "egress-down",
            "nothing outside this instance answers",
            cell -> {
              cell.world().vpc(Mode.BLACK_HOLE);
              cell.world().outside().mode(Mode.BLACK_HOLE);
            },
            database(INFRASTRUCTURE, EGRESS),
            redis(INFRASTRUCTURE, EGRESS)),
        Fault.of(
                "connector-down",
                "the VPC connector passes nothing",
                cell -> cell.world().vpc(Mode.BLACK_HOLE),
                database(INFRASTRUCTURE, VPC_PATH),
                redis(INFRASTRUCTURE, VPC_PATH))
            .with(Trait.OPENS)
            .with(Trait.OFTEN),
        Fault.of(
            "service-access-down",
            "the peering to managed services passes nothing",
            cell -> cell.world().services(Mode.BLACK_HOLE),
            database(INFRASTRUCTURE, SERVICE_ACCESS),
            redis(INFRASTRUCTURE, SERVICE_ACCESS)),
        Fault.of(
                "redis-down",
                "only the second dependency is away",
                cell -> cell.world().redis().mode(Mode.BLACK_HOLE),
                redis(INFRASTRUCTURE, INSTANCE_UNREACHABLE),
                database(NONE, HEALTHY),
                backend(NONE, HEALTHY))
            .with(Trait.OFTEN),
        redisAlone(
                "redis-killed",
                "Redis is killed with SIGKILL",
                cell -> cell.world().killRedis(),
                SERVER_REFUSING)
            .mended(cell -> cell.world().redisServer().restart()),
        redisAlone(
                "redis-stopped",
                "Redis is stopped with SIGSTOP",
                cell -> cell.world().redisServer().freeze(),
                SILENT_SERVER)
            .mended(cell -> cell.world().redisServer().thaw())
            .with(Trait.OFTEN),
        redisAlone(
                "redis-password",
                "Redis demands a password that the probe does not have",
                cell -> cell.world().redisServer().demand("of-somebody-else"),
                CREDENTIALS)
            .mended(cell -> cell.world().redisServer().open()));
  }

  private static Fault redisAlone(String id, String says, Consumer<Cell> breaks, Detail detail) {
    return Fault.of(
        id,
        says,
        breaks,
        redis(INFRASTRUCTURE, detail),
        database(NONE, HEALTHY),
        backend(NONE, HEALTHY));
  }

  private static List<Fault> server() {
    return List.of(
        way(
                "instance-down",
                "SYNs to the database are dropped",
                Mode.BLACK_HOLE,
                INSTANCE_UNREACHABLE)
            .with(Trait.OPENS)
            .with(Trait.OFTEN),
        way("refused", "the database's port refuses", Mode.REFUSE, SERVER_REFUSING)
            .with(Trait.OPENS)
            .with(Trait.OFTEN),
        way("silent", "the port accepts, nobody answers", Mode.SILENT, SILENT_SERVER),
        way("reset", "the port accepts and resets", Mode.RESET, SILENT_SERVER),
        way("closed", "the port accepts and hangs up", Mode.CLOSE, SILENT_SERVER),
        way("cut", "sessions are reset at their first question", Mode.CUT, SILENT_SERVER));
  }

  private static Fault way(String id, String says, Mode mode, Detail detail) {
    return Fault.of(
        id, says, cell -> cell.world().database(mode), database(INFRASTRUCTURE, detail));
  }

  private static Fault backendsAlone(Mode mode) {
    Fault fault =
        Fault.of(
            "backend-way-" + label(mode),
            "only the backend's way to the database: " + label(mode),
            cell -> cell.world().application().mode(mode),
            backend(INFRASTRUCTURE, BACKEND_PATH),
            database(NONE, HEALTHY));
    return mode == Mode.REFUSE ? fault.apart().with(Trait.OFTEN) : fault.apart();
  }

  private static Fault gatewaysAlone(Mode mode) {
    return Fault.of(
            "gateway-way-" + label(mode),
            "only the gateway's way to the database: " + label(mode),
            cell -> cell.world().probes().mode(mode),
            database(NONE, GATEWAY_VIEW),
            backend(NONE, HEALTHY))
        .apart()
        .under(Load.When.ALWAYS)
        .with(Trait.HARMLESS);
  }

  private static String label(Mode mode) {
    return mode.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
