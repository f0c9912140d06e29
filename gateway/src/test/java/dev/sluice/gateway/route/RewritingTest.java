package dev.sluice.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Backend;
import dev.sluice.config.Filter;
import dev.sluice.gateway.health.Postures;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RewritingTest {
  @ParameterizedTest
  @CsvSource({
    "/orders, /orders",
    "/orders?a=1&token=abc, /orders?a=***&token=***",
    "/orders?abc, /orders?***",
    "/orders?a=b=c&d, /orders?a=***&***",
    "/orders?, /orders?",
  })
  void peopleAreShownNoValuesOfAQuery(String target, String shown) {
    assertThat(RequestTarget.shown(target)).isEqualTo(shown);
  }

  private static final Backend BACKEND = Postures.configuration(Postures.YAML).backends().get(0);

  private static Rewriting of(Filter... filters) {
    return Rewriting.of(List.of(filters), BACKEND);
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/a, /a",
    "/api/v1/a/b?c=/api/v1, /a/b?c=/api/v1",
    "/api/v1, /",
    "/api/v1/, /",
    "/api/v1?x=1, /?x=1",
    "/%61pi/v1/a, /a",
    "/api;p=1/v1;q/a;r, /a;r",
    "/api/v12/a, /api/v12/a",
    "/API/v1/a, /API/v1/a",
  })
  void aPrefixIsTakenInWholeSegmentsHoweverItIsSpelt(String asked, String expected) {
    assertThat(of(new Filter.StripPrefix("/api/v1")).target(asked)).isEqualTo(expected);
  }

  @Test
  void filtersWorkInTheirOrder() {
    Filter strip = new Filter.StripPrefix("/a");
    Filter add = new Filter.AddPrefix("/a/b");
    assertThat(of(strip, add).target("/a/x")).isEqualTo("/a/b/x");
    assertThat(of(add, strip).target("/a/x")).isEqualTo("/b/a/x");
  }

  @Test
  void theHostIsTheClientsTheBackendsOrAnother() {
    assertThat(of(new Filter.AddPrefix("/a")).host("shop.example")).isEqualTo("shop.example");
    assertThat(of(new Filter.Host(null)).host("shop.example")).isEqualTo("127.0.0.1:8081");
    assertThat(of(new Filter.Host("x.example")).host("shop.example")).isEqualTo("x.example");
  }

  @Test
  void headersAreChangedOnTheirOwnWay() {
    List<String> changes = new ArrayList<>();
    Rewriting.Fields fields =
        new Rewriting.Fields() {
          @Override
          public void set(String name, String value) {
            changes.add(name + "=" + value);
          }

          @Override
          public void remove(String name) {
            changes.add("-" + name);
          }
        };
    Rewriting rewriting =
        of(
            new Filter.SetHeader(true, "x-a", "1"),
            new Filter.RemoveHeader(false, "server"),
            new Filter.SetHeader(false, "x-b", "2"),
            new Filter.RemoveHeader(true, "x-c"),
            new Filter.StripPrefix("/api"));
    rewriting.request(fields);
    assertThat(changes).containsExactly("x-forwarded-prefix=/api", "x-a=1", "-x-c");
    changes.clear();
    rewriting.response(fields);
    assertThat(changes).containsExactly("-server", "x-b=2");
  }

  @ParameterizedTest
  @CsvSource({
    "/a?b=c, https://n.example/old/a?b=c",
    "/a, https://n.example/old/a",
  })
  void aRedirectKnowsWhatWasAsked(String asked, String expected) {
    Filter.Redirect redirect = new Filter.Redirect(308, "https://n.example/old{path}{query}");
    assertThat(Rewriting.location(redirect, asked)).isEqualTo(expected);
  }
}
