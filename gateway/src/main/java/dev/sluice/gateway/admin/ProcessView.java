package dev.sluice.gateway.admin;

import dev.sluice.gateway.child.Child;
import dev.sluice.gateway.child.Ending;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The processes that the gateway runs as its children, in JSON. Pure. */
final class ProcessView {
  private ProcessView() {}

  /** By the ids of their backends. */
  static Map<String, Object> of(Map<String, Child.State> processes) {
    Map<String, Object> out = new TreeMap<>();
    processes.forEach((id, state) -> out.put(id, one(state)));
    return out;
  }

  private static Map<String, @Nullable Object> one(Child.State state) {
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    out.put("running", state.pid() != null);
    out.put("pid", state.pid());
    out.put("starts", state.starts());
    Ending ending = state.ending();
    if (ending != null) {
      Map<String, Object> last = new LinkedHashMap<>();
      last.put("at", ending.at().toString());
      last.put("code", ending.code());
      last.put("ran-ms", ending.ran().toMillis());
      last.put("in-a-row", ending.row());
      last.put("lines", ending.lines());
      out.put("ended", last);
    }
    return out;
  }
}
