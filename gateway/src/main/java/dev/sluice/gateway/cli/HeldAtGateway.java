package dev.sluice.gateway.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** At the admin port of a running gateway. */
final class HeldAtGateway implements Held {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final AdminPort admin;

  HeldAtGateway(AdminPort admin) {
    this.admin = admin;
  }

  private record Answer(int status, JsonNode body) {}

  private Answer ask(String method, String path) {
    AdminPort.Answer answer = admin.ask(method, path);
    try {
      return judged(new Answer(answer.status(), JSON.readTree(answer.body())), path);
    } catch (JacksonException e) {
      throw new Unreachable("no gateway answers at " + admin + " (" + e + ")");
    }
  }

  private Answer judged(Answer answer, String path) {
    if (answer.status() == 401 || answer.status() == 403) {
      throw new Unreachable(
          admin + " refuses: give its admin token in the variable SLUICE_ADMIN_TOKEN");
    }
    boolean expected = answer.status() == 200 || answer.status() == 404 || answer.status() == 409;
    if (!expected || (answer.status() == 404 && path.startsWith("/queue?"))) {
      throw new Unreachable(
          admin + " answers " + answer.status() + ": " + answer.body().path("detail").asString(""));
    }
    return answer;
  }

  @Override
  public Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    JsonNode told = ask("GET", "/queue?limit=1").body().path("counts");
    told.propertyNames()
        .forEach(
            state ->
                counts.put(
                    state.toUpperCase(java.util.Locale.ROOT).replace('-', '_'),
                    told.path(state).asLong(0)));
    return counts;
  }

  @Override
  public List<Shown> list(int limit) {
    List<Shown> writes = new ArrayList<>();
    ask("GET", "/queue?limit=" + limit).body().path("writes").forEach(w -> writes.add(Shown.of(w)));
    return writes;
  }

  @Override
  public Optional<Shown> find(String id) {
    Answer answer = ask("GET", "/queue/" + id);
    return answer.status() == 200 ? Optional.of(Shown.of(answer.body())) : Optional.empty();
  }

  @Override
  public @Nullable String verify() {
    JsonNode body = ask("POST", "/queue/verify").body();
    return body.path("whole").asBoolean(false) ? null : body.path("problem").asString("not whole");
  }

  @Override
  public boolean retry(String id) {
    return ask("POST", "/queue/" + id + "/retry").status() == 200;
  }

  @Override
  public boolean discard(String id) {
    return ask("DELETE", "/queue/" + id).status() == 200;
  }

  @Override
  public int rekey() {
    throw new Unreachable("rekey works on the store itself: leave --admin out");
  }

  @Override
  public void close() {}
}
