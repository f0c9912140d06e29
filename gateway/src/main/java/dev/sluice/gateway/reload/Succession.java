package dev.sluice.gateway.reload;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Control;
import dev.sluice.config.Dependency;
import dev.sluice.config.Network;
import dev.sluice.config.Route;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * From the configuration that runs to the one that the files hold now. Pure.
 *
 * @param next what is to run. Whatever says the same as before is the same object as before, so
 *     that its breakers, verdicts and connections live on
 * @param lists what differs in the lists, by their key; kinds without a difference are missing
 * @param settings single keys that differ and are applied, such as {@code listen.max-body}
 * @param needsRestart keys that differ from what runs and keep their old value until a restart
 */
public record Succession(
    Configuration next,
    Map<String, Changed> lists,
    List<String> settings,
    List<String> needsRestart) {
  private static final String TLS = "listen.tls";
  private static final List<String> FIXED =
      List.of(
          "listen.host",
          "listen.port",
          "listen.transport",
          "listen.threads",
          "listen.max-buffered",
          "listen.max-memory",
          "admin",
          "store",
          "resolver.servers",
          "tokens",
          "telemetry");

  public Succession {
    lists = Collections.unmodifiableMap(new LinkedHashMap<>(lists));
    settings = List.copyOf(settings);
    needsRestart = List.copyOf(needsRestart);
  }

  /** What becomes of a running configuration when the files say this. */
  public static Succession of(Configuration running, Configuration loaded) {
    List<String> fixed = new ArrayList<>();
    List<String> settings = new ArrayList<>();
    for (String key : keys(running, loaded)) {
      boolean restart = FIXED.contains(key) || (key.equals(TLS) && comesOrGoes(running, loaded));
      (restart ? fixed : settings).add(key);
    }
    return new Succession(merged(running, loaded), lists(running, loaded), settings, fixed);
  }

  /** A port that speaks TLS goes on to; which certificates it shows may change. */
  private static boolean comesOrGoes(Configuration running, Configuration loaded) {
    return (running.listen().tls() == null) != (loaded.listen().tls() == null);
  }

  /** The ids of routes that the next configuration has no more. */
  public List<String> removedRoutes() {
    Changed routes = lists.get("routes");
    return routes == null ? List.of() : routes.removed();
  }

  private static List<String> keys(Configuration running, Configuration loaded) {
    List<String> keys = new ArrayList<>();
    section(keys, "environment", running.environment(), loaded.environment());
    section(keys, "mode", running.mode(), loaded.mode());
    parts(keys, "listen.", running.listen(), loaded.listen());
    section(keys, "admin", running.admin(), loaded.admin());
    section(keys, "store", running.store(), loaded.store());
    section(keys, "health.base", running.health().base(), loaded.health().base());
    section(
        keys,
        "health.ready.when-degraded",
        running.health().whenDegraded(),
        loaded.health().whenDegraded());
    section(keys, "health.probing", running.health().probing(), loaded.health().probing());
    parts(keys, "breaker.", running.breaker(), loaded.breaker());
    section(keys, "resolver.servers", running.resolver(), loaded.resolver());
    section(keys, "owners", running.operation().owners(), loaded.operation().owners());
    section(keys, "platform", running.operation().platform(), loaded.operation().platform());
    section(keys, "access-log", running.operation().accessLog(), loaded.operation().accessLog());
    section(keys, "alerts", running.operation().alerts(), loaded.operation().alerts());
    section(keys, "validation", running.operation().validation(), loaded.operation().validation());
    section(keys, "telemetry", running.operation().exports(), loaded.operation().exports());
    section(keys, "tokens", running.operation().issuer(), loaded.operation().issuer());
    section(keys, "cache.max-bytes", running.cacheBytes(), loaded.cacheBytes());
    return keys;
  }

  private static void section(
      List<String> keys, String key, @Nullable Object before, @Nullable Object after) {
    if (!Objects.equals(before, after)) {
      keys.add(key);
    }
  }

  private static void parts(List<String> keys, String section, Record before, Record after) {
    Parts.differing(before, after).forEach(name -> keys.add(section + name));
  }

  private static Map<String, Changed> lists(Configuration a, Configuration b) {
    Map<String, Changed> lists = new LinkedHashMap<>();
    lists.put("routes", changed(a.routes(), b.routes(), Route::id));
    lists.put("backends", changed(a.backends(), b.backends(), Backend::id));
    lists.put("dependencies", changed(a.dependencies(), b.dependencies(), Dependency::id));
    lists.put("controls", changed(a.controls(), b.controls(), Control::id));
    lists.put("networks", changed(a.networks(), b.networks(), Network::id));
    lists.values().removeIf(Changed::none);
    return lists;
  }

  private static <T extends Record> Changed changed(
      List<T> before, List<T> after, Function<T, String> id) {
    Map<String, T> old = byId(before, id);
    Map<String, T> now = byId(after, id);
    return new Changed(
        now.keySet().stream().filter(key -> !old.containsKey(key)).toList(),
        old.keySet().stream().filter(key -> !now.containsKey(key)).toList(),
        now.entrySet().stream()
            .filter(entry -> differs(old.get(entry.getKey()), entry.getValue()))
            .map(Map.Entry::getKey)
            .toList());
  }

  private static boolean differs(@Nullable Record before, Record after) {
    return before != null && !Parts.same(before, after);
  }

  private static <T> Map<String, T> byId(List<T> list, Function<T, String> id) {
    Map<String, T> byId = new LinkedHashMap<>();
    list.forEach(each -> byId.put(id.apply(each), each));
    return byId;
  }

  private static Configuration merged(Configuration running, Configuration loaded) {
    return new Configuration(
        loaded.environment(),
        loaded.mode(),
        loaded.listen().on(running.listen()),
        running.admin(),
        running.store(),
        loaded.health(),
        loaded.breaker(),
        loaded.cacheBytes(),
        running.resolver(),
        kept(running.dependencies(), loaded.dependencies(), Dependency::id),
        kept(running.networks(), loaded.networks(), Network::id),
        kept(running.controls(), loaded.controls(), Control::id),
        kept(running.backends(), loaded.backends(), Backend::id),
        kept(running.routes(), loaded.routes(), Route::id),
        loaded.operation().with(running.operation().issuer()));
  }

  private static <T extends Record> List<T> kept(
      List<T> before, List<T> after, Function<T, String> id) {
    Map<String, T> old = byId(before, id);
    UnaryOperator<T> keep =
        each -> {
          T known = old.get(id.apply(each));
          return known != null && Parts.same(known, each) ? known : each;
        };
    return after.stream().map(keep).toList();
  }
}
