package dev.sluice.demo.fault;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Switches fault proxies over HTTP, on 127.0.0.1, as Toxiproxy does: GET and POST on {@code
 * /proxies/NAME}, with {@code enabled}. One that is not enabled refuses.
 */
public final class ProxySwitch implements AutoCloseable {
  private static final Duration CLOSING = Duration.ofSeconds(2);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Map<String, FaultProxy> proxies;
  private final DisposableServer server;

  private ProxySwitch(int port, Map<String, FaultProxy> proxies) {
    this.proxies = Map.copyOf(proxies);
    this.server =
        HttpServer.create()
            .host("127.0.0.1")
            .port(port)
            .route(
                routes ->
                    routes
                        .get("/proxies/{name}", this::told)
                        .post("/proxies/{name}", this::switched))
            .bindNow();
  }

  /**
   * Begins to listen.
   *
   * @param port 0 leaves the choice to the system
   */
  public static ProxySwitch start(int port, Map<String, FaultProxy> proxies) {
    return new ProxySwitch(port, proxies);
  }

  public int port() {
    return server.port();
  }

  private Publisher<Void> told(HttpServerRequest in, HttpServerResponse out) {
    FaultProxy proxy = named(in);
    return proxy == null ? out.sendNotFound() : answer(out, in.param("name"), proxy);
  }

  private Publisher<Void> switched(HttpServerRequest in, HttpServerResponse out) {
    FaultProxy proxy = named(in);
    if (proxy == null) {
      return out.sendNotFound();
    }
    return in.receive()
        .aggregate()
        .asString(StandardCharsets.UTF_8)
        .publishOn(Schedulers.boundedElastic())
        .map(ProxySwitch::enabled)
        .doOnNext(on -> proxy.mode(on ? Mode.PASS : Mode.REFUSE))
        .flatMap(on -> Mono.from(answer(out, in.param("name"), proxy)))
        .onErrorResume(JacksonException.class, e -> Mono.from(out.status(400).send()));
  }

  private static boolean enabled(String body) {
    JsonNode wish = JSON.readTree(body);
    return wish.path("enabled").asBoolean(true);
  }

  private @Nullable FaultProxy named(HttpServerRequest in) {
    String name = in.param("name");
    return name == null ? null : proxies.get(name);
  }

  private static Publisher<Void> answer(
      HttpServerResponse out, @Nullable String name, FaultProxy proxy) {
    Map<String, Object> told =
        Map.of(
            "name",
            String.valueOf(name),
            "listen",
            "127.0.0.1:" + proxy.port(),
            "enabled",
            proxy.mode() != Mode.REFUSE);
    return out.header("Content-Type", "application/json")
        .sendString(Mono.just(JSON.writeValueAsString(told)));
  }

  @Override
  public void close() {
    server.disposeNow(CLOSING);
  }
}
