package dev.sluice.probes.verdict;

import static dev.sluice.probes.verdict.Detail.*;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The rows by which a failed climb is read; the first that matches wins. A row's confidence at best
 * is what it was thought to be beforehand, weighed as four rounds, together with how often the
 * fault lab found it right; .98 at most, and the bare prior where the lab has no such fault.
 */
final class DecisionTable {
  private static final Set<String> TIME = Set.of(Signal.TIMEOUT, Signal.SILENT, Signal.SLOW);
  private static final Set<String> CUT =
      Set.of(Signal.EOF, Signal.RESET, Signal.NOT_POSTGRES, Signal.NOT_REDIS);

  /**
   * One row.
   *
   * @param prior confidence at best
   * @param byControls true when controls decide between this row and another
   */
  record Row(String name, Detail detail, double prior, boolean byControls, Predicate<Facts> when) {}

  /** A failed climb and where its way is broken. */
  record Facts(Scene scene, Sample failed, @Nullable Detail broken, boolean vouched) {
    boolean at(Rung... rungs) {
      return List.of(rungs).contains(failed.rung());
    }

    boolean signal(String... words) {
      return failed.signal() != null && List.of(words).contains(failed.signal());
    }

    boolean signal(Set<String> words) {
      return failed.signal() != null && words.contains(failed.signal());
    }

    boolean state(String prefix) {
      String state = failed.serverState();
      return state != null && state.startsWith(prefix);
    }

    boolean lost() {
      return failed.rung() == Rung.TCP && !signal(Signal.REFUSED, Signal.PARTIAL) && !signal(CUT);
    }

    boolean wayBroken(Detail detail) {
      return broken == detail && (lost() || (at(Rung.DNS) && !signal(Signal.NO_SUCH_NAME)));
    }

    boolean mostlyOurs() {
      return full() && scene.sessions() != null && scene.sessions().mostlyApplication();
    }

    boolean mostlyOthers() {
      return full() && scene.sessions() != null && scene.sessions().mostlyOthers();
    }

    /** The limit of the probe's own role is nobody else's doing. */
    private boolean full() {
      return state("53300") && !String.valueOf(failed.message()).contains("connections for role");
    }
  }

  static final List<Row> ROWS =
      List.of(
          by("2", EGRESS, .98, f -> f.wayBroken(EGRESS)),
          by("3", VPC_PATH, .98, f -> f.wayBroken(VPC_PATH)),
          by("4", SERVICE_ACCESS, .98, f -> f.wayBroken(SERVICE_ACCESS)),
          row("partial", PARTIAL_ADDRESSES, .97, f -> f.signal(Signal.PARTIAL)),
          row("9", RESTARTING, .98, f -> f.state("57P0") || f.signal(Signal.STARTING)),
          row("10 ours", CONNECTIONS_EXHAUSTED_BY_APP, .98, Facts::mostlyOurs),
          row("10 others", CONNECTIONS_EXHAUSTED, .98, Facts::mostlyOthers),
          row("disk", DISK_FULL, .98, f -> f.state("53100")),
          row("memory", OUT_OF_MEMORY, .98, f -> f.state("53200")),
          row("capacity", CAPACITY, .5, f -> f.state("53") || f.signal(Signal.NO_SLOT)),
          row("pooler", POOLER, .8, f -> f.state("08P01")),
          row(
              "12 rule",
              ACCESS_RULE,
              .98,
              f -> f.state("28000") || f.signal(Signal.CLIENT_REFUSED)),
          row(
              "12 password",
              CREDENTIALS,
              .98,
              f -> f.state("28") || f.signal(Signal.LOGIN_REFUSED)),
          row("12 database", MISSING_DATABASE, .98, f -> f.state("3D000")),
          row("13", READ_ONLY_NODE, .95, f -> f.state("25006") || f.signal(Signal.READ_ONLY)),
          row("14 grants", GRANTS, .98, f -> f.state("42501")),
          row("14", SCHEMA, .98, f -> f.state("42")),
          row("lock", LOCK_WAIT, .98, f -> f.state("55P03") || f.state("40")),
          row("7 name", DNS_NO_SUCH_NAME, .98, f -> f.signal(Signal.NO_SUCH_NAME)),
          row("7", DNS_FAILURE, .98, f -> f.at(Rung.DNS)),
          by("5 route", VPC_PATH, .75, f -> noRoute(f) && !f.vouched),
          by("6", SERVER_REFUSING, .97, f -> f.at(Rung.TCP, Rung.HTTP) && f.signal(Signal.REFUSED)),
          by("5", INSTANCE_UNREACHABLE, .96, f -> f.lost() && f.failed.signal() != null),
          row("11", TLS, .98, f -> f.signal(Signal.NO_TLS, Signal.CERTIFICATE, Signal.HANDSHAKE)),
          by("8", SILENT_SERVER, .97, f -> connecting(f) && (f.signal(TIME) || f.signal(CUT))),
          row("session", SILENT_SERVER, .95, f -> f.signal(CUT)),
          row("15", SATURATED, .95, f -> querying(f) && slow(f)),
          row("16", SLOW_QUERY, .98, f -> f.at(Rung.FULL_QUERY) && slow(f)));

  private DecisionTable() {}

  private static Row row(String name, Detail detail, double prior, Predicate<Facts> when) {
    return new Row(name, detail, prior, false, when);
  }

  private static Row by(String name, Detail detail, double prior, Predicate<Facts> when) {
    return new Row(name, detail, prior, true, when);
  }

  /** The first row that matches, then the text of the error, then nobody's fault. */
  static Row match(Facts facts) {
    for (Row row : ROWS) {
      if (row.when.test(facts)) {
        return row;
      }
    }
    Detail read = TextPatterns.read(facts.failed.message());
    if (read != null) {
      return by("text", read, .7, f -> true);
    }
    if (facts.lost()) {
      return by("5", INSTANCE_UNREACHABLE, .75, f -> true);
    }
    return row("none", PLATFORM_OR_APP, .5, f -> true);
  }

  private static boolean noRoute(Facts f) {
    return f.at(Rung.TCP) && f.signal(Signal.NO_ROUTE, Signal.UNREACHABLE);
  }

  private static boolean connecting(Facts f) {
    return f.at(Rung.TCP, Rung.TLS, Rung.STARTUP, Rung.PING, Rung.HTTP)
        || (f.at(Rung.AUTHENTICATION) && f.signal(CUT));
  }

  /**
   * The same server has just greeted: one that then takes its time over a login has too much to do.
   */
  private static boolean querying(Facts f) {
    return f.at(Rung.AUTHENTICATION, Rung.SELECT_ONE, Rung.RECOVERY, Rung.SESSIONS);
  }

  private static boolean slow(Facts f) {
    return f.signal(TIME) || f.state("57014");
  }
}
