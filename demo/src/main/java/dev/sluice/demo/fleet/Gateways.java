package dev.sluice.demo.fleet;

import dev.sluice.demo.tour.Caller;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** All of them. */
final class Gateways implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration KNOWN = Duration.ofSeconds(60);
  private static final int AT_ONCE = 4;

  private final List<Instance> instances = new CopyOnWriteArrayList<>();

  /** Starts so many, some at a time. */
  void start(int size, Path routes, Path folder) {
    for (int begun = 0; begun < size; begun += AT_ONCE) {
      List<Instance> some = new ArrayList<>();
      for (int i = begun; i < Math.min(size, begun + AT_ONCE); i++) {
        some.add(Instance.start(routes, folder.resolve("gateway-" + i + ".log")));
      }
      instances.addAll(some);
      some.forEach(Instance::await);
    }
  }

  List<Instance> all() {
    return instances;
  }

  void lose(Instance killed) {
    killed.kill();
    instances.remove(killed);
  }

  /** Until one speaks and knows so many. */
  Instance leader(int known) {
    Waiting.until("one gateway speaks for " + known, KNOWN, () -> spokesman(known).isPresent());
    return spokesman(known).orElseThrow();
  }

  private Optional<Instance> spokesman(int known) {
    List<Instance> speaking =
        instances.stream()
            .filter(Instance::answers)
            .filter(each -> fleet(each).path("speaks").asBoolean(false))
            .toList();
    return speaking.size() == 1 && fleet(speaking.get(0)).path("gateways").size() >= known
        ? Optional.of(speaking.get(0))
        : Optional.empty();
  }

  private static JsonNode fleet(Instance instance) {
    Caller.Answer answer = instance.operator().get("/fleet");
    return JSON.readTree(answer.body());
  }

  /** How many are in this mode, as the leader has heard. */
  long inMode(Instance leader, String mode) {
    JsonNode known = fleet(leader).path("gateways");
    return known.valueStream().filter(each -> each.path("mode").asString("").equals(mode)).count();
  }

  @Override
  public void close() {
    instances.forEach(Instance::kill);
  }
}
