package dev.sluice.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.health.Postures;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No spelling of a path walks around the rule that is meant for it. */
final class PathRuleTest {
  private static final long SEED = Long.getLong("sluice.seed", 20_260_726L);
  private static final int PATHS = 100_000;

  /** Patterns as they stand in the route file, the most specific one first. */
  private static final List<String> PATTERNS =
      List.of(
          "/admin/*/users",
          "/%61dmin/**",
          "/caf%c3%a9/**",
          "/x%20y",
          "/%2A/b",
          "/a;v=1/b",
          "/a/*",
          "/**");

  /** Pieces of paths, with every trick that is known for them. */
  private static final String[] PIECES = {
    "/",
    "/",
    "/",
    "/",
    "a",
    "b",
    "admin",
    "users",
    "%61",
    "%41",
    "dmin",
    "%64min",
    "adm%69n",
    "ADMIN",
    "x",
    "y",
    "%20",
    "+",
    "%2B",
    ".",
    "..",
    "%2e",
    "%2E",
    ";",
    ";x=1",
    ";a=/",
    "%3b",
    "%2f",
    "%5C",
    "\\",
    "%25",
    "%2561",
    "%c3%a9",
    "%C3%A9",
    "caf",
    "%c0%ae",
    "%e0%80%af",
    "%",
    "%0",
    "%zz",
    "%00",
    "%0a",
    "*",
    "**",
    "%2A",
    "~",
    "%7e",
    "|",
    "\"",
    "%22",
    "%u0061"
  };

  private final RouteTable table = new RouteTable(Postures.configuration(routes()));

  private static String routes() {
    StringBuilder yaml =
        new StringBuilder(
            """
            environment: test
            listen: { port: 0 }
            admin: { port: 0 }
            store: { url: "sqlite:./data/sluice.db", accept-volatile: true }
            dependencies:
              - { id: db, type: tcp, url: "tcp://127.0.0.1:1" }
            backends:
              - { id: one, url: "http://127.0.0.1:8081", depends-on: [db] }
            routes:
            """);
    for (int i = 0; i < PATTERNS.size(); i++) {
      yaml.append("  - { id: r")
          .append(i)
          .append(", match: { path: \"")
          .append(PATTERNS.get(i))
          .append("\" }, backend: one }\n");
    }
    return yaml.toString();
  }

  private String matched(String path) {
    RequestTarget target = Objects.requireNonNull(RequestTarget.parse(path), path);
    assertThat(target.pathAndQuery()).isEqualTo(path);
    Matched found = table.match("GET", target.path());
    return found == null ? "none" : PATTERNS.get(Integer.parseInt(found.route().id().substring(1)));
  }

  @ParameterizedTest
  @CsvSource({
    "/admin, /admin",
    "/%61dmin, /admin",
    "/admin;x=1, /admin",
    "/a;b=c/d;e, /a/d",
    "/%41%7E%2d%5F, /A~-_",
    "/a%20b, /a%20b",
    "/a%2cb, '/a,b'",
    "/a%c3%a9, /a%C3%A9",
    "/a|b, /a%7Cb",
    "/a%7cb, /a%7Cb",
    "/100%25, /100%25",
    "/a/, /a/",
    "/, /",
    "/..a/b../..., /..a/b../...",
    "http://a/%62?c, /b",
    "http://a?c, /",
  })
  void oneFormForMatching(String target, String path) {
    assertThat(Objects.requireNonNull(RequestTarget.parse(target)).path()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "*",
        "//",
        "/a//b",
        "/.",
        "/..",
        "/a/./b",
        "/a/../b",
        "/%2e",
        "/a/.%2E/b",
        "/..;x/a",
        "/;x/a",
        "/a;b/%2e%2e",
        "/a%2fb",
        "/a;b=%2fc",
        "/a\\b",
        "/a%5cb",
        "/a%3bb",
        "/a%",
        "/a%2",
        "/a%zz",
        "/a%00",
        "/a%1f",
        "/a%7f",
        "/a\u0000",
        "/a b",
        "/a\u00e9",
        "/a#b",
        "/%2561",
        "/%25%36%31",
        "/%c0%ae",
        "/%C1%9C",
        "/%e0%80%ae",
        "/%f0%80%80%ae",
        "/%ff",
        "/%u0061",
        "/%\uff12e"
      })
  void whatHasTwoReadingsIsRefused(String target) {
    assertThat(RequestTarget.parse(target)).isNull();
  }

  @Test
  void theBackendsReadingOfAPathHasTheSameRule() {
    Random random = new Random(SEED);
    int accepted = 0;
    for (int i = 0; i < PATHS; i++) {
      String path = random(random);
      if (RequestTarget.parse(path) != null) {
        accepted++;
        assertThat(matched(path))
            .as("seed %d: %s", SEED, path)
            .isEqualTo(expected(decoded(cut(path)), path))
            .isEqualTo(expected(cut(decoded(path)), path));
      }
    }
    assertThat(accepted).isGreaterThan(PATHS / 10);
  }

  private static String random(Random random) {
    StringBuilder path = new StringBuilder("/");
    for (int left = random.nextInt(8); left >= 0; left--) {
      path.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return path.toString();
  }

  /** Parameters gone from each segment. */
  private static String cut(String path) {
    StringBuilder cut = new StringBuilder();
    boolean parameters = false;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      parameters = c != '/' && (parameters || c == ';');
      if (!parameters) {
        cut.append(c);
      }
    }
    return cut.toString();
  }

  /** Decoded once, each char one byte. */
  private static String decoded(String path) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) == '%') {
        bytes.write(Integer.parseInt(path.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(path.charAt(i));
      }
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  /** The first pattern that takes the path, both as a backend reads them. */
  private static String expected(String path, String sent) {
    List<String> segments = List.of(path.substring(1).split("/", -1));
    assertThat(segments).as(sent).doesNotContain(".", "..");
    assertThat(segments.subList(0, segments.size() - 1)).as(sent).doesNotContain("");
    assertThat(path.chars()).as(sent).allMatch(c -> c >= ' ' && c != '\\' && c != 0x7f);
    return PATTERNS.stream().filter(pattern -> takes(pattern, segments)).findFirst().orElseThrow();
  }

  private static boolean takes(String pattern, List<String> segments) {
    List<String> wanted = new ArrayList<>(List.of(pattern.substring(1).split("/", -1)));
    boolean rest = wanted.get(wanted.size() - 1).equals("**");
    if (rest) {
      wanted.remove(wanted.size() - 1);
    }
    if (segments.size() < wanted.size() || (!rest && segments.size() > wanted.size())) {
      return false;
    }
    for (int i = 0; i < wanted.size(); i++) {
      String segment = segments.get(i);
      boolean any = wanted.get(i).equals("*") && !segment.isEmpty();
      if (!any && !segment.equals(decoded(cut("/" + wanted.get(i))).substring(1))) {
        return false;
      }
    }
    return true;
  }
}
