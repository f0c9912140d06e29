package dev.sluice.probes.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a backend says with a failing answer of what it met itself, in the header {@code
 * Sluice-Evidence}: {@code orders-db;rung=connect;ms=5003;sqlstate="08001"}. Several are separated
 * by commas; the rungs are dns, connect, tls, authentication, database, pool and query.
 *
 * @param dependency the id of something that the backend depends on
 * @param millis how long it took; -1 where it does not say
 * @param sqlState five characters; null where it does not say
 */
public record Testimony(String dependency, String rung, int millis, @Nullable String sqlState) {
  /** The header of an answer that carries them. */
  public static final String HEADER = "sluice-evidence";

  private static final int LONGEST = 800;
  private static final int MOST = 4;
  private static final Map<String, Detail> BY_RUNG =
      Map.of(
          "dns", Detail.BACKEND_PATH,
          "connect", Detail.BACKEND_PATH,
          "tls", Detail.TLS,
          "authentication", Detail.CREDENTIALS,
          "database", Detail.MISSING_DATABASE,
          "pool", Detail.POOL_EXHAUSTED,
          "query", Detail.SLOW_QUERY);
  private static final Pattern ONE =
      Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]{0,62})((?:;[a-z]{1,20}=[^;,]{1,40})*)");
  private static final Pattern PARAMETER = Pattern.compile(";([a-z]{1,20})=([^;,]{1,40})");
  private static final Pattern MILLIS = Pattern.compile("[0-9]{1,6}");
  private static final Pattern STATE = Pattern.compile("\"?([0-9A-Z]{5})\"?");

  /**
   * Reads a header; at most four. What is malformed, or tells of something that the backend does
   * not depend on, is left out: a backend is believed in what it says and no further.
   */
  public static List<Testimony> read(String header, Set<String> dependencies) {
    if (header.length() > LONGEST) {
      return List.of();
    }
    List<Testimony> all = new ArrayList<>();
    for (String part : header.split(",", MOST + 1)) {
      Testimony one = one(part.strip().replace("; ", ";"));
      if (one != null && dependencies.contains(one.dependency) && all.size() < MOST) {
        all.add(one);
      }
    }
    return all;
  }

  private static @Nullable Testimony one(String text) {
    Matcher whole = ONE.matcher(text);
    if (!whole.matches()) {
      return null;
    }
    String rung = "";
    int millis = -1;
    String state = null;
    Matcher parameter = PARAMETER.matcher(whole.group(2));
    while (parameter.find()) {
      String value = parameter.group(2);
      switch (parameter.group(1)) {
        case "rung" -> rung = value;
        case "ms" -> millis = MILLIS.matcher(value).matches() ? Integer.parseInt(value) : -1;
        case "sqlstate" -> {
          Matcher five = STATE.matcher(value);
          state = five.matches() ? five.group(1) : null;
        }
        default -> {}
      }
    }
    return BY_RUNG.containsKey(rung) ? new Testimony(whole.group(1), rung, millis, state) : null;
  }

  /** As a header has it that {@link #read} reads. */
  public String header() {
    String took = millis < 0 ? "" : ";ms=" + millis;
    return dependency + ";rung=" + rung + took + (sqlState == null ? "" : ";sqlstate=" + sqlState);
  }

  /** What it looks like: by the SQLSTATE where a server said one, else by the rung. */
  Detail detail() {
    Detail said = sqlState == null || sqlState.startsWith("08") ? null : state(sqlState);
    return said != null ? said : BY_RUNG.getOrDefault(rung, Detail.APP_SILENT);
  }

  private static @Nullable Detail state(String state) {
    if (state.startsWith("42") && !state.equals("42501")) {
      return Detail.SCHEMA;
    }
    return TextPatterns.read(state);
  }

  /** As a complaint about the dependency. */
  public Complaint complaint() {
    String took = millis < 0 ? "" : String.format(Locale.ROOT, " after %,d ms", millis);
    String state = sqlState == null ? "" : " [SQLSTATE " + sqlState + "]";
    return new Complaint(dependency, "its " + rung + " fails" + took + state, true, detail());
  }
}
