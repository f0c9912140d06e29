package dev.sluice.gateway.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.alerts.Alarm;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What gateways tell each other, as text. */
class MemberNotesTest {
  @Test
  void whatWasWrittenIsRead() {
    Member member =
        Members.member(
            "a",
            true,
            Set.of("cache"),
            Members.alarm("db", "vpc-path", false),
            Members.alarm("redis", "egress", true));
    assertThat(MemberNotes.read("a", true, MemberNotes.write(member))).isEqualTo(member);
  }

  @Test
  void whereThereIsTooMuchTheWorstIsSaid() {
    Alarm[] many =
        IntStream.range(0, 400)
            .mapToObj(i -> Members.alarm("db" + i, "vpc-path", false))
            .toArray(Alarm[]::new);
    String text = MemberNotes.write(Members.member("a", many));
    assertThat(text).hasSizeLessThanOrEqualTo(64_000);
    List<Alarm> alarms = MemberNotes.read("a", false, text).alarms();
    assertThat(alarms).hasSizeGreaterThan(40).hasSizeLessThan(400);
    assertThat(alarms.get(0).key()).isEqualTo("db0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{\"name\":1}", "{\"name\":\"a\",\"since\":\"x\"}"})
  void whatIsNotUnderstoodIsNobody(String text) {
    assertThat(MemberNotes.read("a", false, text)).isNull();
  }

  @Test
  void peopleKnowARevisionOrAHost() {
    String id = "0123456789abcdef";
    Map<String, String> run = Map.of("K_REVISION", "shop-7", "HOSTNAME", "localhost");
    assertThat(Member.name(run::get, id)).isEqualTo("shop-7/01234567");
    assertThat(Member.name(Map.of("HOSTNAME", "pod-1")::get, id)).isEqualTo("pod-1/01234567");
    assertThat(Member.name(name -> null, "")).isEqualTo("gateway");
  }
}
