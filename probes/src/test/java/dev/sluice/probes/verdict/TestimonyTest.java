package dev.sluice.probes.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestimonyTest {
  private static final Set<String> KNOWN = Set.of("orders-db", "cache");

  @Test
  void readsRungTimeAndState() {
    assertThat(Testimony.read("orders-db;rung=connect;ms=5003;sqlstate=\"08001\"", KNOWN))
        .containsExactly(new Testimony("orders-db", "connect", 5003, "08001"));
    assertThat(Testimony.read("orders-db; rung=dns , cache;rung=pool;ms=10", KNOWN))
        .containsExactly(
            new Testimony("orders-db", "dns", -1, null), new Testimony("cache", "pool", 10, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "orders-db",
        "orders-db;rung=moon;ms=1",
        "elsewhere;rung=connect",
        "orders-db;rung=connect;ms=<script>,",
        "orders-db rung=connect",
        "orders-db;rung=connect;;",
        "orders-db;RUNG=connect"
      })
  void whatIsMalformedOrOfSomethingElseIsLeftOut(String header) {
    List<Testimony> read = Testimony.read(header, KNOWN);
    assertThat(read).allMatch(t -> t.rung().equals("connect") && t.millis() == -1);
    if (!header.contains("script")) {
      assertThat(read).isEmpty();
    }
  }

  @Test
  void boundsHold() {
    assertThat(Testimony.read("orders-db;rung=dns," + "x".repeat(800), KNOWN)).isEmpty();
    assertThat(Testimony.read("orders-db;rung=dns,".repeat(9), KNOWN)).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource({
    "connect,08001,BACKEND_PATH",
    "connect,,BACKEND_PATH",
    "dns,,BACKEND_PATH",
    "tls,,TLS",
    "authentication,28P01,CREDENTIALS",
    "database,3D000,MISSING_DATABASE",
    "pool,,POOL_EXHAUSTED",
    "query,42P01,SCHEMA",
    "query,42703,SCHEMA",
    "query,42601,SCHEMA",
    "query,42501,GRANTS",
    "query,57014,SLOW_QUERY",
    "query,55P03,LOCK_WAIT",
    "query,53100,DISK_FULL",
    "query,25006,READ_ONLY_NODE",
    "query,57P01,RESTARTING"
  })
  void tellsItsDetail(String rung, String state, Detail detail) {
    assertThat(new Testimony("orders-db", rung, 5, state).detail()).isEqualTo(detail);
  }

  @Test
  void isAComplaintAboutADependency() {
    Complaint complaint = new Testimony("orders-db", "connect", 5003, "08001").complaint();
    assertThat(complaint.toString())
        .isEqualTo("orders-db: its connect fails after 5,003 ms [SQLSTATE 08001]");
    assertThat(complaint.ofDependency()).isTrue();
  }

  @Test
  void whatIsReadCanBeWrittenAgain() {
    String said = "orders-db; rung=connect; ms=5003; sqlstate=\"08001\"; secret=x,other;rung=dns";
    List<Testimony> read = Testimony.read(said, Set.of("orders-db"));
    assertThat(read).hasSize(1);
    assertThat(read.get(0).header()).isEqualTo("orders-db;rung=connect;ms=5003;sqlstate=08001");
    assertThat(Testimony.read(read.get(0).header(), Set.of("orders-db"))).isEqualTo(read);
  }
}
