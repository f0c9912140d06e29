package dev.sluice.gateway.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Alerts;
import dev.sluice.fallback.store.Journal;
import dev.sluice.gateway.alerts.Alarm.Severity;
import dev.sluice.gateway.alerts.Message.Kind;
import dev.sluice.gateway.health.Postures;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is told of outages, second by second, in virtual time. */
final class AlertBookTest {
  /** A Monday, at ten. */
  private static final Instant START = Instant.parse("2026-11-30T10:00:00Z");

  private static final Alerts RULES =
      Postures.configuration(
              """
              environment: test
              alerts:
                receivers: [ { id: talk, type: log }, { id: page, type: log } ]
                teams:
                  - { id: infrastructure, receivers: [talk], escalate: { after: 30m, to: [page] } }
                  - { id: development, receivers: [talk] }
              """)
          .operation()
          .alerts();

  private final List<String> told = new ArrayList<>();
  private final List<Message> messages = new ArrayList<>();
  private AlertBook book = new AlertBook();
  private Instant now = START;
  private Served served = Served.NOTHING;

  private Alarm alarm(String key, String team, String cause, String detail, String... more) {
    List<String> subjects = new ArrayList<>(List.of(key));
    subjects.addAll(List.of(more));
    return new Alarm(
        key,
        subjects,
        Severity.CRITICAL,
        team,
        cause,
        detail,
        .9,
        key + " fails.",
        List.of("port 5432 was refused"),
        "Look at it.",
        List.of(),
        List.of("read"),
        List.of("nobody can order"),
        now,
        false);
  }

  private Alarm down(String key, String... more) {
    return alarm(key, "infrastructure", "INFRASTRUCTURE", "vpc-path", more);
  }

  private void pass(Duration time, Alarm... alarms) {
    pass(time, Set.of(), alarms);
  }

  private void pass(Duration time, Set<String> unknown, Alarm... alarms) {
    for (long i = 0; i < time.toSeconds(); i++) {
      now = now.plusSeconds(1);
      for (Message message : book.step(now, List.of(alarms), unknown, RULES, served)) {
        messages.add(message);
        message
            .incidents()
            .forEach(
                each -> told.add(message.kind() + " " + message.team() + " " + each.subject()));
      }
    }
  }

  @Test
  void anOutageIsToldOnceAndItsEndOnce() {
    pass(Duration.ofMinutes(10), down("db"));
    served = new Served(5, 1, 100, 7, 0, 2);
    pass(Duration.ofMinutes(5));
    assertThat(told).containsExactly("FIRING infrastructure db", "RESOLVED infrastructure db");
    Incident.View end = messages.get(1).incidents().get(0);
    assertThat(end.lasted(now)).isEqualTo(Duration.ofSeconds(601));
    assertThat(end.served()).isEqualTo(served);
    assertThat(end.id()).isEqualTo("db-20261130T100000Z");
  }

  @Test
  void whatIsGoneWithinSecondsIsNotTold() {
    for (int i = 0; i < 20; i++) {
      pass(Duration.ofSeconds(4), down("db"));
      pass(Duration.ofSeconds(20));
    }
    assertThat(told).isEmpty();
  }

  @Test
  void aFaultThatSpreadsIsOneOutage() {
    pass(Duration.ofSeconds(10), down("db"));
    pass(Duration.ofSeconds(60), down("cache", "db", "orders"));
    pass(Duration.ofSeconds(60), down("orders"));
    pass(Duration.ofMinutes(3));
    assertThat(told).containsExactly("FIRING infrastructure db", "RESOLVED infrastructure db");
  }

  @Test
  void twoFaultsAtOnceAreToldTogether() {
    pass(Duration.ofSeconds(20), down("db"), down("cache"));
    assertThat(messages).singleElement().satisfies(one -> assertThat(one.incidents()).hasSize(2));
  }

  @Test
  void anotherOwnerIsToldTooAndBothOfTheEnd() {
    pass(Duration.ofSeconds(20), down("db"));
    pass(Duration.ofMinutes(3), alarm("db", "development", "APPLICATION", "slow-query"));
    pass(Duration.ofMinutes(3));
    assertThat(told)
        .containsExactly(
            "FIRING infrastructure db",
            "FIRING development db",
            "RESOLVED infrastructure db",
            "RESOLVED development db");
  }

  @Test
  void whatComesAndGoesIsToldOnceAndItsTrueEnd() {
    for (int i = 0; i < 6; i++) {
      pass(Duration.ofSeconds(40), down("db"));
      pass(Duration.ofSeconds(50));
    }
    assertThat(told).containsExactly("FIRING infrastructure db");
    pass(Duration.ofMinutes(6));
    assertThat(told).hasSize(1);
    pass(Duration.ofMinutes(4));
    assertThat(told).containsExactly("FIRING infrastructure db", "RESOLVED infrastructure db");
    assertThat(messages.get(1).incidents().get(0).flaps()).isEqualTo(5);
  }

  @Test
  void itsStateIsToldInBusinessHoursAndOthersWhenItLasts() {
    pass(Duration.ofHours(21), down("db"));
    assertThat(told)
        .containsExactly(
            "FIRING infrastructure db", // 10:00
            "ESCALATED infrastructure db", // 10:30
            "UPDATE infrastructure db"); // 14:30; 18:30 is after work, 07:00 before it
    pass(Duration.ofHours(2), down("db"));
    assertThat(told).hasSize(4); // 08:00 on Tuesday
    pass(Duration.ofMinutes(3));
    Message end = messages.get(messages.size() - 1);
    assertThat(end.kind()).isEqualTo(Kind.RESOLVED);
    assertThat(end.receivers()).containsExactly("talk", "page");
  }

  @Test
  void theEndIsToldWithWhatAValidationFound() {
    pass(Duration.ofSeconds(20), down("db"));
    book.happened("db", now, "Validation of db: fixed: all 4 steps hold.");
    pass(Duration.ofMinutes(3));
    Message end = messages.get(messages.size() - 1);
    assertThat(end.kind()).isEqualTo(Kind.RESOLVED);
    AlertText text = new AlertText(RULES, "test", now);
    assertThat(text.body(end.kind(), end.incidents().get(0)))
        .contains("db is well again.", "\nValidation of db: fixed: all 4 steps hold.\n");
  }

  @Test
  void theEndOfWhatCannotBeSeenIsNotTold() {
    pass(Duration.ofSeconds(20), down("db"));
    pass(Duration.ofMinutes(10), Set.of("db"));
    assertThat(told).containsExactly("FIRING infrastructure db");
    pass(Duration.ofMinutes(2));
    assertThat(told).hasSize(2);
  }

  private void restart() {
    Map<String, String> kept = new HashMap<>(book.takeChanged());
    book = new AlertBook();
    served = Served.NOTHING;
    assertThat(book.restore(kept.values(), served)).isZero();
  }

  @Test
  void aRestartNeitherRepeatsNorForgets() {
    pass(Duration.ofMinutes(5), down("db"));
    served = new Served(0, 0, 40, 0, 0, 0);
    pass(Duration.ofSeconds(1), down("db"));
    String id = messages.get(0).incidents().get(0).id();
    book.happened("db", now, "Breaker db open.");
    restart();
    pass(Duration.ofMinutes(5), down("db"));
    assertThat(told).hasSize(1);
    served = new Served(0, 0, 2, 0, 0, 0);
    pass(Duration.ofMinutes(3));
    assertThat(told).containsExactly("FIRING infrastructure db", "RESOLVED infrastructure db");
    Incident.View end = messages.get(1).incidents().get(0);
    assertThat(end.id()).isEqualTo(id);
    assertThat(end.served().copies()).isEqualTo(42);
    assertThat(end.timeline()).anyMatch(entry -> entry.text().equals("Breaker db open."));
    restart();
    assertThat(book.ended()).singleElement().satisfies(one -> assertThat(one.id()).isEqualTo(id));
  }

  @Test
  void anEndThatCameWhileItWasStoppedIsTold() {
    pass(Duration.ofMinutes(5), down("db"));
    restart();
    pass(Duration.ofSeconds(10), Set.of("db"));
    pass(Duration.ofMinutes(3));
    assertThat(told).containsExactly("FIRING infrastructure db", "RESOLVED infrastructure db");
  }

  /**
   * A breaker may open before its outage is known, and before its dependency is said to be part.
   */
  @Test
  void whatHappenedJustBeforeIsPartOfTheStory() {
    book.happened("cache", now, "Breaker cache open.");
    book.happened("db", now, "Breaker db open.");
    pass(Duration.ofSeconds(20), down("orders"));
    pass(Duration.ofMinutes(5), down("orders", "db"));
    pass(Duration.ofMinutes(3));
    List<Incident.Entry> timeline = book.ended().get(0).timeline();
    assertThat(timeline.get(0).text()).isEqualTo("Breaker db open.");
    assertThat(timeline)
        .isSortedAccordingTo(Comparator.comparing(Incident.Entry::at))
        .doesNotHaveDuplicates()
        .noneMatch(entry -> entry.text().contains("cache"));
  }

  @Test
  void anEarlierRunsOutageTakesThePlaceOfOneThatNobodyWasToldOf() {
    pass(Duration.ofMinutes(5), down("db"));
    Map<String, String> kept = new HashMap<>(book.takeChanged());
    book = new AlertBook();
    pass(Duration.ofSeconds(3), down("db"));
    book.restore(kept.values(), served);
    pass(Duration.ofMinutes(5), down("db"));
    pass(Duration.ofMinutes(3));
    assertThat(told).containsExactly("FIRING infrastructure db", "RESOLVED infrastructure db");
  }

  @Test
  void theLatestOfEarlierOutagesComesFirst() {
    Map<String, String> kept = new HashMap<>();
    for (String key : List.of("a", "b", "c", "d", "e")) {
      pass(Duration.ofSeconds(20), down(key));
      pass(Duration.ofMinutes(5));
      kept.putAll(book.takeChanged());
    }
    book = new AlertBook();
    assertThat(book.restore(kept.values(), served)).isZero();
    assertThat(book.ended())
        .extracting(Incident.View::subject)
        .containsExactly("e", "d", "c", "b", "a");
  }

  @Test
  void aNoteFitsWhateverIsSaid() {
    String[] many = new String[150];
    for (int i = 0; i < many.length; i++) {
      many[i] = "a-dependency-with-a-name-as-long-as-a-route-file-lets-it-be-" + i;
    }
    for (int i = 0; i < 60; i++) {
      book.happened("db", now, "x".repeat(400) + i);
    }
    pass(Duration.ofSeconds(20), down("db", many));
    String note = book.takeChanged().get("db");
    assertThat(note.length()).isLessThanOrEqualTo(Journal.MOST_CHARACTERS);
    AlertBook next = new AlertBook();
    assertThat(next.restore(List.of(note), served)).isZero();
    assertThat(next.open()).hasSize(1);
  }

  @Test
  void notesThatAreNoneAreCounted() {
    assertThat(book.restore(List.of("", "{", "{\"id\":\"a\",\"alarm\":{}}", "[]"), served))
        .isEqualTo(4);
  }

  /** Twelve faults that begin, end, overlap and flap within an hour: one alert, one end of each. */
  @Test
  void anHourOfOverlappingFaults() {
    for (int seed = 0; seed < 20; seed++) {
      told.clear();
      book = new AlertBook();
      hour(new Random(seed));
      pass(Duration.ofMinutes(20));
      for (int fault = 0; fault < 12; fault++) {
        String team = fault % 3 == 0 ? "development" : "infrastructure";
        assertThat(told.stream().filter(("FIRING " + team + " f" + fault)::equals)).hasSize(1);
        assertThat(told.stream().filter(("RESOLVED " + team + " f" + fault)::equals)).hasSize(1);
      }
      assertThat(told).filteredOn(one -> one.startsWith("FIRING")).hasSize(12);
      assertThat(told).filteredOn(one -> one.startsWith("RESOLVED")).hasSize(12);
    }
  }

  private void hour(Random random) {
    int[] begins = new int[12];
    int[] lasts = new int[12];
    for (int i = 0; i < 12; i++) {
      begins[i] = random.nextInt(2700);
      lasts[i] = 60 + random.nextInt(600);
    }
    boolean[] on = new boolean[12];
    int[] holds = new int[12];
    for (int second = 0; second < 3600; second++) {
      List<Alarm> alarms = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        boolean within = second >= begins[i] && second < begins[i] + lasts[i];
        if (!within || second == begins[i]) {
          on[i] = within;
          holds[i] = second + 10 + random.nextInt(50);
        } else if (second >= holds[i]) {
          on[i] = !on[i]; // gone for less than it takes to be believed
          holds[i] = second + 5 + random.nextInt(45);
        }
        if (on[i]) {
          String team = i % 3 == 0 ? "development" : "infrastructure";
          alarms.add(alarm("f" + i, team, "INFRASTRUCTURE", "vpc-path"));
        }
      }
      pass(Duration.ofSeconds(1), alarms.toArray(Alarm[]::new));
    }
  }
}
