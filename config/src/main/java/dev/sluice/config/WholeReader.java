package dev.sluice.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads several root mappings as one configuration. */
final class WholeReader {
  /** Of route files; it rises when a key that was read before means something else or is gone. */
  private static final int VERSION = 1;

  private static final List<String> LISTS =
      List.of("dependencies", "networks", "controls", "backends", "routes");
  private static final List<String> SINGLES =
      List.of(
          "environment",
          "mode",
          "listen",
          "admin",
          "store",
          "health",
          "breaker",
          "cache",
          "resolver",
          "owners",
          "platform",
          "tokens",
          "access-log",
          "alerts",
          "telemetry",
          "validation");

  private final Reading reading;
  private final List<Fields> roots;
  private final Map<String, Fields> owners = new LinkedHashMap<>();

  WholeReader(Reading reading, List<MappingNode> roots) {
    this.reading = reading;
    this.roots = roots.stream().map(root -> new Fields(reading, root)).toList();
  }

  /** A draft: good only if no problem was found. */
  Configuration read() {
    SINGLES.forEach(this::own);
    roots.forEach(this::version);
    roots.forEach(root -> LISTS.forEach(root::has));
    roots.forEach(Fields::end);
    String environment = of("environment").text("environment", "production");
    Enforcement mode = of("mode").choice("mode", Enforcement.ENFORCE);
    Configuration draft =
        new Configuration(
            environment,
            mode,
            SettingsReader.listen(section("listen")),
            AdminReader.read(section("admin")),
            store(environment),
            SettingsReader.health(section("health")),
            BreakerReader.breaker(section("breaker"), environment),
            SettingsReader.cache(section("cache")),
            SettingsReader.resolver(section("resolver")),
            all("dependencies", DependencyReader::dependency),
            all("networks", DependencyReader::network),
            all("controls", DependencyReader::control),
            all("backends", BackendReader::backend),
            all("routes", new RouteReader(mode)::route),
            operation());
    WholeRules.check(reading, draft, portPlace());
    return BuiltInControls.added(draft, section("platform").place());
  }

  /** Each file may say of which version it is: what a later one means is not to be guessed. */
  private void version(Fields root) {
    int version = root.number("version", VERSION, 1, 1_000);
    if (version > VERSION) {
      reading
          .problems()
          .error(
              root.place("version"),
              "this file is of version " + version + ", and this Sluice reads version " + VERSION,
              "run a newer Sluice, or write what `sluice schema` of this one knows");
    }
  }

  /** Finds the one root that gives the key. */
  private void own(String key) {
    for (Fields root : roots) {
      if (root.has(key)) {
        Fields first = owners.putIfAbsent(key, root);
        if (first != null) {
          reading
              .problems()
              .error(
                  root.place(key),
                  "'" + key + "' is given in two files",
                  "first at " + first.place(key));
        }
      }
    }
  }

  private Place portPlace() {
    Fields admin = section("admin");
    return admin.has("port") ? admin.place("port") : section("listen").place("port");
  }

  private Fields of(String key) {
    return owners.getOrDefault(key, roots.get(0));
  }

  private Fields section(String key) {
    return of(key).section(key);
  }

  private @Nullable Store store(String environment) {
    return owners.containsKey("store") ? StoreReader.read(section("store"), environment) : null;
  }

  private Operation operation() {
    return new Operation(
        OperationReader.owners(section("owners")),
        owners.containsKey("platform") ? OperationReader.platform(section("platform")) : null,
        owners.containsKey("tokens") ? OperationReader.tokens(section("tokens")) : null,
        OperationReader.accessLog(section("access-log")),
        AlertsReader.read(section("alerts")),
        ExportsReader.read(section("telemetry")),
        ValidationReader.read(section("validation")));
  }

  private <T> List<T> all(String key, Function<Fields, T> reader) {
    List<T> all = new ArrayList<>();
    for (Fields root : roots) {
      for (Node node : root.items(key)) {
        all.add(reader.apply(Fields.item(reading, node, key, all.size())));
      }
    }
    return all;
  }
}
