package dev.sluice.gateway.admin;

import dev.sluice.gateway.alerts.Alarm;
import dev.sluice.gateway.fleet.JoinedView;
import dev.sluice.gateway.fleet.Member;
import dev.sluice.gateway.fleet.Standing;
import dev.sluice.gateway.fleet.Standing.Role;
import dev.sluice.gateway.health.Html;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The gateways that share a store: who they are, what each sees, and how far they agree. */
final class FleetView {
  private static final int MOST_SHOWN = 50;

  private final Standing standing;
  private final List<Member> members = new ArrayList<>();

  FleetView(AdminSources sources) {
    standing = sources.fleet();
    members.add(sources.here());
    members.addAll(standing.others());
  }

  Map<String, Object> map() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("role", standing.role().label());
    out.put("speaks", standing.speaks());
    out.put("gateways", members.stream().map(this::map).toList());
    out.put("faults", new JoinedView(members).alarms().stream().map(FleetView::map).toList());
    return out;
  }

  private Map<String, Object> map(Member member) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("name", member.name());
    out.put("here", here(member));
    out.put("leads", leads(member));
    out.put("since", member.since().toString());
    out.put("mode", member.mode());
    out.put("faults", member.alarms().stream().map(Alarm::key).toList());
    return out;
  }

  private static Map<String, Object> map(Alarm alarm) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("subject", alarm.key());
    out.put("cause", alarm.cause());
    out.put("detail", alarm.detail());
    out.put("sentence", alarm.sentence());
    return out;
  }

  private boolean here(Member member) {
    return member.equals(members.get(0));
  }

  private boolean leads(Member member) {
    return here(member) ? standing.speaks() : member.leads();
  }

  /** Nothing where no other can share the store. */
  void write(Html html) {
    if (standing.role() == Role.ALONE) {
      return;
    }
    html.raw("<h2>Gateways on this store</h2><p>").text(sentence()).raw("</p>");
    html.raw("<table><tr><th>gateway<th>mode<th>sees<th>since</tr>");
    for (Member member : members.stream().limit(MOST_SHOWN).toList()) {
      html.raw("<tr><td>").text(member.name());
      html.text(here(member) ? ", this one" : "").text(leads(member) ? ", speaks for all" : "");
      html.raw("<td>").text(member.mode()).raw("<td>").text(sees(member));
      html.raw("<td>").text(member.since().truncatedTo(ChronoUnit.SECONDS).toString()).raw("</tr>");
    }
    html.raw("</table>");
  }

  private static String sees(Member member) {
    List<String> faults =
        member.alarms().stream().map(alarm -> alarm.key() + " " + alarm.detail()).toList();
    return faults.isEmpty() ? "nothing wrong" : String.join(", ", faults);
  }

  private String sentence() {
    long agree = members.stream().filter(each -> each.mode().equals(members.get(0).mode())).count();
    String all = members.size() + " in all, " + agree + " in this one's mode. ";
    return switch (standing.role()) {
      case LEADER -> all + "This one tells teams for all.";
      case MEMBER, ALONE -> all + "Another one tells teams.";
      case CUT_OFF -> all + "The store is away; this one goes on to tell teams.";
      case WAITING -> all + "The store is away, and with it what the others see.";
    };
  }
}
