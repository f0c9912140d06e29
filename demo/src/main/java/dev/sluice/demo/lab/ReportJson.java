package dev.sluice.demo.lab;

import dev.sluice.demo.lab.Course.Judged;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The result of the lab for programs: figures in seconds and milliseconds, null where none is. */
final class ReportJson {
  private ReportJson() {}

  static String of(List<Outcome> outcomes, List<Bar> bars) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("bars", bars.stream().map(ReportJson::bar).toList());
    all.put("rounds", outcomes.stream().map(ReportJson::round).toList());
    return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(all);
  }

  private static Map<String, Object> bar(Bar bar) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", bar.name());
    map.put("value", number(bar.value()));
    map.put(bar.least() ? "least" : "most", bar.limit());
    map.put("holds", bar.holds());
    return map;
  }

  private static Map<String, Object> round(Outcome outcome) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("fault", outcome.fault().id());
    map.put("round", outcome.round());
    map.put("traffic", outcome.loaded());
    map.put("trouble", outcome.trouble());
    map.put("cause-right", outcome.causesRight());
    map.put("detail-right", outcome.detailsRight());
    map.put("opened", number(outcome.opened()));
    map.put("noticed", number(outcome.back().noticed()));
    map.put("tried", number(outcome.back().tried()));
    map.put("whole", number(outcome.back().whole()));
    map.put("longest-wait-before", number(outcome.waits().longestBefore()));
    map.put("p99-wait-after", number(outcome.waits().p99After()));
    map.put("failed-requests", outcome.waits().failed());
    map.put("subjects", outcome.judged().stream().map(ReportJson::judged).toList());
    return map;
  }

  private static Map<String, Object> judged(Judged judged) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("subject", judged.truth().subject());
    map.put("true-cause", judged.truth().cause());
    map.put(
        "true-details", judged.truth().details().stream().map(d -> d.label()).sorted().toList());
    map.put("cause", judged.last().cause());
    map.put("detail", judged.last().detail().label());
    map.put("confidence", judged.last().confidence());
    map.put("after", number(judged.after()));
    map.put("wronged", judged.wronged());
    map.put("course", judged.course().stream().map(Glance::toString).toList());
    return map;
  }

  private static @Nullable Double number(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
