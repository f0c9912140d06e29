package dev.sluice.fallback.store;

import static dev.sluice.fallback.store.Writes.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fallback.store.Fleet.Other;
import dev.sluice.fallback.store.Fleet.Roll;
import dev.sluice.servers.PostgresServer;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Gateways that lead one after the other, on a real database. */
@Timeout(60)
class SharedFleetTest {
  private static PostgresServer server;
  private SharedStore one;
  private SharedStore two;

  @BeforeAll
  static void start() throws IOException {
    server = PostgresServer.start("secret");
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void open() {
    one = SharedStores.open(server, InstantSource.system());
    two = SharedStores.open(server, InstantSource.system());
    call(one, "");
    SharedStores.run(server, "TRUNCATE sluice_gateways, sluice_leases, sluice_journal");
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  private static Roll call(SharedStore store, String said) {
    return now(store.fleet().call(said));
  }

  /** As if so much time had passed since everybody was heard of. */
  private static void later(long millis) {
    String earlier = " - " + millis + " * interval '1 millisecond'";
    SharedStores.run(server, "UPDATE sluice_leases SET until = until" + earlier);
    SharedStores.run(server, "UPDATE sluice_gateways SET at = at" + earlier);
  }

  @Test
  void oneLeadsAndEachHearsWhatTheOthersSay() {
    assertThat(call(one, "a")).isEqualTo(new Roll(true, 1, List.of()));
    assertThat(call(two, "b"))
        .isEqualTo(new Roll(false, 0, List.of(new Other(one.fleet().id(), true, "a"))));
    assertThat(call(one, "c"))
        .isEqualTo(new Roll(true, 1, List.of(new Other(two.fleet().id(), false, "b"))));
    assertThat(call(two, "d").others()).containsExactly(new Other(one.fleet().id(), true, "c"));
  }

  @Test
  void whoDoesNotLeadHearsTheLeaderAlwaysAndAllNowAndThen() {
    try (SharedStore three = SharedStores.open(server, InstantSource.system())) {
      call(one, "leads");
      call(two, "two");
      assertThat(said(call(three, "three"))).containsExactlyInAnyOrder("leads", "two");
      call(one, "leads on");
      call(two, "two on");
      for (int i = 0; i < 4; i++) {
        assertThat(said(call(three, "three"))).containsExactlyInAnyOrder("leads on", "two");
      }
      assertThat(said(call(three, "three"))).containsExactlyInAnyOrder("leads on", "two on");
    }
  }

  private static List<String> said(Roll roll) {
    return roll.others().stream().map(Other::said).toList();
  }

  @Test
  void whoeverIsNotHeardOfIsFollowedAndThenGone() {
    call(one, "a");
    call(two, "b");
    later(Fleet.LEASE_MILLIS - 2_000);
    assertThat(call(two, "b").leads()).isFalse();
    later(2_100);
    Roll next = call(two, "b");
    assertThat(next.leads()).isTrue();
    assertThat(next.epoch()).isEqualTo(2);
    assertThat(next.others()).hasSize(1);
    later(Fleet.GONE_MILLIS);
    assertThat(call(two, "b").others()).isEmpty();
    assertThat(call(one, "a").leads()).as("it comes back and leads no more").isFalse();
  }

  @Test
  void whoeverLeavesIsFollowedAtOnce() {
    call(one, "a");
    call(two, "b");
    now(one.fleet().leave());
    assertThat(call(two, "b")).isEqualTo(new Roll(true, 2, List.of()));
  }

  /** It was frozen, does not know that another leads, and writes. */
  @Test
  void whatAnEarlierLeaderWritesIsRefused() {
    long first = call(one, "a").epoch();
    assertThat(now(one.fleet().append(first, "incident", "db", "told"))).isTrue();
    later(Fleet.LEASE_MILLIS);
    assertThat(now(one.fleet().append(first, "incident", "db", "late"))).isFalse();
    long second = call(two, "b").epoch();
    assertThat(now(one.fleet().append(first, "incident", "db", "late"))).isFalse();
    assertThat(now(two.fleet().append(first, "incident", "db", "another's"))).isFalse();
    assertThat(now(two.fleet().append(second, "incident", "db", "told again"))).isTrue();
    assertThat(now(one.journal().latest("incident"))).containsEntry("db", "told again");
    assertThat(now(one.journal().scan("incident", "db", 9))).hasSize(2);
    assertThatThrownBy(
            () -> one.fleet().append(1, "incident", "db", "x".repeat(Journal.MOST_CHARACTERS + 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ofManyThatBeginAtOnceOneLeads() {
    List<SharedStore> many = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++) {
        many.add(SharedStores.open(server, InstantSource.system()));
      }
      List<CompletableFuture<Roll>> rolls =
          many.stream().map(each -> each.fleet().call("here")).toList();
      assertThat(rolls.stream().filter(each -> now(each).leads())).hasSize(1);
      assertThat(call(many.get(0), "here").others()).hasSize(7);
    } finally {
      many.forEach(SharedStore::close);
    }
  }
}
