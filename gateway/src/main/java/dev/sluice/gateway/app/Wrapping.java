package dev.sluice.gateway.app;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A backend that is run as the gateway's child.
 *
 * @param command its first word is the program
 * @param environment the child's own: {@code PORT} is the one that the gateway speaks to, and what
 *     the gateway itself is told by variables named {@code SLUICE_...} is left out
 */
public record Wrapping(List<String> command, Backend backend, Map<String, String> environment) {
  public Wrapping {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** A command that cannot be matched with a backend: the user's mistake, in one sentence. */
  public static final class Unclear extends Exception {
    Unclear(String message) {
      super(message);
    }
  }

  /**
   * The backend whose process it is.
   *
   * @param id of the backend; empty for the only one on this host
   * @param own the gateway's environment
   */
  public static Wrapping of(
      List<String> command, Configuration configuration, String id, Map<String, String> own)
      throws Unclear {
    Backend backend = chosen(configuration, id);
    int port = backend.address().port();
    if (port == configuration.listen().port()) {
      throw new Unclear(
          "backend %s and the gateway cannot both listen on port %d: change listen.port or the url"
              .formatted(backend.id(), port));
    }
    Map<String, String> environment = new HashMap<>(own);
    environment.keySet().removeIf(name -> name.startsWith("SLUICE_"));
    environment.put("PORT", Integer.toString(port));
    return new Wrapping(command, backend, environment);
  }

  private static Backend chosen(Configuration configuration, String id) throws Unclear {
    List<Backend> here = configuration.backends().stream().filter(Backend::sharesNetwork).toList();
    List<Backend> named = here.stream().filter(b -> id.isEmpty() || b.id().equals(id)).toList();
    if (here.isEmpty()) {
      throw new Unclear(
          "a command is the process of a backend on this host, and no backend of the files has a url"
              + " such as http://127.0.0.1:8081");
    }
    if (named.size() != 1) {
      String ids = here.stream().map(Backend::id).collect(Collectors.joining(", "));
      throw new Unclear(
          id.isEmpty()
              ? "several backends are on this host (" + ids + "): name the command's with --backend"
              : "no backend on this host is called " + id + ": there is " + ids);
    }
    return named.get(0);
  }
}
