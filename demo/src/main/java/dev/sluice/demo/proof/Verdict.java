package dev.sluice.demo.proof;

import dev.sluice.demo.postgres.EmbeddedPostgres;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the database shows in the end of what was acknowledged.
 *
 * @param lost orders whose last acknowledged change is not there
 * @param duplicated changes that were made more than once
 * @param reordered changes that were made before an older one
 */
record Verdict(List<String> lost, List<String> duplicated, List<String> reordered) {
  private static final Pattern CHANGE =
      Pattern.compile("PUT /api/orders/([0-9]+) \\{\"item\":\"o([0-9]+)-v([0-9]+)\"");

  /** Reads what every order came to, and the backend's own log of its changes. */
  static Verdict read(EmbeddedPostgres postgres, List<History> orders) {
    List<String> lost = new ArrayList<>();
    Map<String, String> items = new HashMap<>();
    for (String row : postgres.query("select id || ' ' || item from orders")) {
      items.put(row.substring(0, row.indexOf(' ')), row.substring(row.indexOf(' ') + 1));
    }
    for (int rank = 0; rank < orders.size(); rank++) {
      String item = items.getOrDefault(Integer.toString(Proof.id(rank)), "nothing");
      History order = orders.get(rank);
      if (!order.mayEndWith(item)) {
        lost.add(
            "%s is %s, acknowledged %s"
                .formatted(Proof.path(rank), item, order.item(order.acknowledged())));
      }
    }
    return changes(postgres, lost);
  }

  private static Verdict changes(EmbeddedPostgres postgres, List<String> lost) {
    List<String> duplicated = new ArrayList<>();
    List<String> reordered = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Map<String, Integer> last = new HashMap<>();
    String log =
        "select request from order_keys where request like 'PUT %' and status < 300"
            + " order by made_at";
    for (String change : postgres.query(log)) {
      Matcher matcher = CHANGE.matcher(change);
      if (!matcher.find()) {
        continue;
      }
      String order = matcher.group(1);
      int version = Integer.parseInt(matcher.group(3));
      if (!seen.add(order + "-" + version)) {
        duplicated.add(change);
      }
      if (version < last.getOrDefault(order, 0)) {
        reordered.add(change);
      }
      last.merge(order, version, Math::max);
    }
    return new Verdict(lost, duplicated, reordered);
  }
}
