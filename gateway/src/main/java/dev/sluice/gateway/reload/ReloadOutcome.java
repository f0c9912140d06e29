package dev.sluice.gateway.reload;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What came of one reload. */
public sealed interface ReloadOutcome {
  /** What asked for it. */
  enum Trigger {
    SIGNAL,
    ADMIN,
    FILES
  }

  /** When it ended. */
  Instant at();

  /** What asked for it. */
  Trigger trigger();

  /** As metrics and reports name it. */
  String label();

  /** Keys that differ from what runs and keep their old value until a restart. */
  List<String> needsRestart();

  /** What an operator is to know, by name; no values of the environment are in it. */
  Map<String, Object> shown();

  /** The files are what runs from now on, save what needs a restart. */
  record Applied(Instant at, Trigger trigger, Succession succession, List<String> warnings)
      implements ReloadOutcome {
    public Applied {
      warnings = List.copyOf(warnings);
    }

    @Override
    public String label() {
      return "applied";
    }

    @Override
    public List<String> needsRestart() {
      return succession.needsRestart();
    }

    @Override
    public Map<String, Object> shown() {
      Map<String, Object> shown = Common.of(this);
      succession.lists().forEach((kind, changed) -> shown.put(kind, changed.shown()));
      Common.add(shown, "settings", succession.settings());
      Common.add(shown, "needs-restart", needsRestart());
      Common.add(shown, "warnings", warnings);
      return shown;
    }
  }

  /** The files say what runs already, save what needs a restart. */
  record Unchanged(Instant at, Trigger trigger, List<String> needsRestart)
      implements ReloadOutcome {
    public Unchanged {
      needsRestart = List.copyOf(needsRestart);
    }

    @Override
    public String label() {
      return "unchanged";
    }

    @Override
    public Map<String, Object> shown() {
      Map<String, Object> shown = Common.of(this);
      Common.add(shown, "needs-restart", needsRestart);
      return shown;
    }
  }

  /**
   * What ran before runs on.
   *
   * @param problems as {@code file:line:column: message (hint)}
   */
  record Refused(Instant at, Trigger trigger, List<String> problems) implements ReloadOutcome {
    public Refused {
      problems = List.copyOf(problems);
    }

    @Override
    public String label() {
      return "refused";
    }

    @Override
    public List<String> needsRestart() {
      return List.of();
    }

    @Override
    public Map<String, Object> shown() {
      Map<String, Object> shown = Common.of(this);
      shown.put("problems", problems);
      return shown;
    }
  }

  /** What every outcome shows. */
  final class Common {
    private Common() {}

    private static Map<String, Object> of(ReloadOutcome outcome) {
      Map<String, Object> shown = new LinkedHashMap<>();
      shown.put("result", outcome.label());
      shown.put("at", outcome.at().toString());
      return shown;
    }

    private static void add(Map<String, Object> shown, String name, List<String> list) {
      if (!list.isEmpty()) {
        shown.put(name, list);
      }
    }
  }
}
