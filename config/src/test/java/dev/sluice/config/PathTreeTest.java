package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A shape is in the shade exactly when no request finds it, however one searches. */
class PathTreeTest {
  private static final List<String> SEGMENTS = List.of("a", "*", "*", "");
  private static final List<Set<String>> METHODS =
      List.of(Set.of(), Set.of("GET"), Set.of("GET", "PUT"));

  private static String path(Random random) {
    StringBuilder path = new StringBuilder();
    for (int i = random.nextInt(3); i > 0; i--) {
      path.append('/').append(SEGMENTS.get(random.nextInt(3)));
    }
    if (path.isEmpty() || random.nextBoolean()) {
      path.append(random.nextInt(3) > 0 ? "/**" : "/");
    }
    return path.toString();
  }

  private static List<Match> shapes(Random random) {
    List<Match> shapes = new ArrayList<>();
    for (int i = 2 + random.nextInt(7); i > 0; i--) {
      Match match = new Match(path(random), METHODS.get(random.nextInt(METHODS.size())));
      boolean twin =
          shapes.stream()
              .anyMatch(
                  m ->
                      m.path().equals(match.path())
                          && (m.methods().isEmpty() == match.methods().isEmpty()));
      if (!twin) {
        shapes.add(match);
      }
    }
    return shapes;
  }

  /** Every path of up to four segments, some of which no shape names. */
  private static List<String> requests(String begin, int segments) {
    List<String> paths = new ArrayList<>();
    for (String segment : List.of("a", "x", "")) {
      String path = begin + "/" + segment;
      paths.add(path);
      if (segments > 1 && !segment.isEmpty()) {
        paths.addAll(requests(path, segments - 1));
      }
    }
    return paths;
  }

  @Test
  void theShadowIsWhatSearchingFinds() {
    List<String> requests = requests("", 4);
    int shaded = 0;
    for (int seed = 0; seed < 4000; seed++) {
      List<Match> shapes = shapes(new Random(seed));
      PathTree<Match> tree = new PathTree<>();
      shapes.forEach(shape -> tree.add(shape, shape));
      for (Match shape : shapes) {
        boolean found =
            requests.stream()
                .anyMatch(
                    path ->
                        List.of("GET", "PUT", "POST").stream()
                            .anyMatch(method -> shape.equals(tree.find(method, path))));
        assertThat(tree.shadow(shape) == null).as("seed %d, %s", seed, shape).isEqualTo(found);
        shaded += found ? 0 : 1;
      }
    }
    assertThat(shaded).isGreaterThan(20);
  }

  @Test
  void spellingsOfOnePathAreOnePatternAndStarsStay() {
    assertThat(new Match("/%61dmin;x=1/*", Set.of()).formed().path()).isEqualTo("/admin/*");
    assertThat(new Match("/a/%2a/**", Set.of()).formed().path()).isEqualTo("/a/%2A/**");
    assertThat(new Match("/a%2fb", Set.of()).formed()).isNull();
  }
}
