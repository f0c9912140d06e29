package dev.sluice.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the route files say, with every default filled in and every reference resolved to
 * an id that exists. Immutable; a reload makes a new one.
 *
 * @param environment free text such as {@code staging}; sets defaults and is shown in reports
 * @param mode what every route does that does not say otherwise
 * @param store null where no store is configured: nothing is queued then
 * @param cacheBytes the bound of all stored copies together, in bytes
 */
public record Configuration(
    String environment,
    Enforcement mode,
    Listen listen,
    Admin admin,
    @Nullable Store store,
    Health health,
    Breaker breaker,
    long cacheBytes,
    Resolver resolver,
    List<Dependency> dependencies,
    List<Network> networks,
    List<Control> controls,
    List<Backend> backends,
    List<Route> routes,
    Operation operation) {
  public Configuration {
    dependencies = List.copyOf(dependencies);
    networks = List.copyOf(networks);
    controls = List.copyOf(controls);
    backends = List.copyOf(backends);
    routes = List.copyOf(routes);
  }

  /** How much it holds: what it holds may come from the environment, and is never printed. */
  @Override
  public String toString() {
    return "Configuration[routes=%d, backends=%d, dependencies=%d]"
        .formatted(routes.size(), backends.size(), dependencies.size());
  }

  public Optional<Dependency> dependency(String id) {
    return dependencies.stream().filter(d -> d.id().equals(id)).findFirst();
  }

  public Optional<Network> network(String id) {
    return networks.stream().filter(n -> n.id().equals(id)).findFirst();
  }

  public Optional<Backend> backend(String id) {
    return backends.stream().filter(b -> b.id().equals(id)).findFirst();
  }

  public Optional<Route> route(String id) {
    return routes.stream().filter(r -> r.id().equals(id)).findFirst();
  }

  /** Of what is probed this dependency alone, and the backends that need it and ask no token. */
  public Configuration only(String dependency) {
    return probed(
        each -> each.id().equals(dependency), each -> each.dependsOn().contains(dependency));
  }

  /** Of what is probed the dependencies, and the backends that ask no token. */
  public Configuration open() {
    return probed(each -> true, each -> true);
  }

  private Configuration probed(Predicate<Dependency> which, Predicate<Backend> whose) {
    return new Configuration(
        environment,
        mode,
        listen,
        admin,
        store,
        health,
        breaker,
        cacheBytes,
        resolver,
        dependencies.stream().filter(which).toList(),
        networks,
        List.of(),
        backends.stream().filter(each -> each.auth() == null && whose.test(each)).toList(),
        List.of(),
        operation);
  }

  /** The same with other networks and controls. */
  Configuration with(List<Network> otherNetworks, List<Control> otherControls) {
    return new Configuration(
        environment,
        mode,
        listen,
        admin,
        store,
        health,
        breaker,
        cacheBytes,
        resolver,
        dependencies,
        otherNetworks,
        otherControls,
        backends,
        routes,
        operation);
  }

  /** The same for a gateway that stands beside, and tells nobody of what it finds. */
  public Configuration beside(Listen otherListen, Admin otherAdmin, @Nullable Store otherStore) {
    return with(otherListen, otherAdmin, otherStore, operation.quiet());
  }

  /**
   * The same for a gateway that takes no requests and keeps nothing, and has its status page on a
   * port of its own.
   *
   * @param port of the status page; null for that of the files
   */
  public Configuration watching(@Nullable Integer port) {
    Admin page =
        new Admin(
            admin.host(),
            port == null ? admin.port() : port,
            admin.token(),
            admin.agentToken(),
            false,
            false,
            admin.operators());
    return with(listen.shut(), page, null, operation);
  }

  private Configuration with(
      Listen otherListen, Admin otherAdmin, @Nullable Store otherStore, Operation otherOperation) {
    return new Configuration(
        environment,
        mode,
        otherListen,
        otherAdmin,
        otherStore,
        health,
        breaker,
        cacheBytes,
        resolver,
        dependencies,
        networks,
        controls,
        backends,
        routes,
        otherOperation);
  }

  /** Only what is climbed to: without backends and routes. */
  public Configuration withoutBackends() {
    return new Configuration(
        environment,
        mode,
        listen,
        admin,
        null,
        health,
        breaker,
        cacheBytes,
        resolver,
        dependencies,
        networks,
        controls,
        List.of(),
        List.of(),
        operation);
  }

  /** The dependencies that a route cannot do without. */
  public List<String> dependenciesOf(Route route) {
    List<String> uses = route.uses();
    return uses != null
        ? required(uses, route.required())
        : backend(route.backend()).map(this::dependenciesOf).orElse(List.of());
  }

  /** The dependencies that a backend cannot do without. */
  public List<String> dependenciesOf(Backend backend) {
    return required(backend.dependsOn(), backend.required());
  }

  /** All dependencies that a route uses: its own {@code uses}, else its backend's. */
  public List<String> usedBy(Route route) {
    List<String> uses = route.uses();
    return uses != null ? uses : backend(route.backend()).map(Backend::dependsOn).orElse(List.of());
  }

  private List<String> required(List<String> ids, Map<String, Boolean> said) {
    return ids.stream()
        .filter(
            id ->
                said.containsKey(id)
                    ? said.get(id)
                    : dependency(id).map(Dependency::required).orElse(true))
        .toList();
  }
}
