package dev.sluice.probes.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Backend;
import dev.sluice.probes.verdict.Complaint;
import dev.sluice.probes.verdict.PoolFigures;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HealthBodyTest {
  @Test
  void aComponentWhoseNameDoesNotTellIsMapped() {
    byte[] json =
        """
        {"status":"DOWN","components":{"ledger":{"status":"DOWN","details":{"error":"refused"}}}}"""
            .getBytes(StandardCharsets.UTF_8);
    List<String> needs = List.of("orders-db");
    assertThat(HealthBody.read(Backend.Format.ACTUATOR, json, needs).complaints())
        .noneMatch(Complaint::ofDependency);
    assertThat(HealthBody.read(Backend.Format.ACTUATOR, json, needs, Set.of("ledger")).complaints())
        .allMatch(Complaint::ofDependency)
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"status\":\"pass\",\"version\":\"1\",\"releaseId\":\"1.2.2\"}', 1.2.2",
    "'{\"status\":\"pass\",\"version\":\"7\"}', 7",
    "'{\"status\":\"pass\",\"version\":7}',",
    "'{\"status\":\"pass\",\"version\":\"<script>\"}',",
    "'{\"status\":\"pass\"}',"
  })
  void aRevisionIsReadWhereTheBodyNamesOne(String body, String revision) {
    byte[] json = body.getBytes(StandardCharsets.UTF_8);
    assertThat(HealthBody.read(Backend.Format.HEALTH_JSON, json, List.of()).revision())
        .isEqualTo(revision);
  }

  @Test
  void namesOfComponentsThatAreWellAreNoEvidence() {
    String body =
        """
        {"status":"DOWN","components":{
          "ssl":{"status":"UP","details":{"validChains":[],"expiringChains":[]}},
          "db":{"status":"UP","details":{"database":"PostgreSQL"}},
          "mail":{"status":"DOWN","details":{"location":"smtp:587",
            "error":"jakarta.mail.AuthenticationFailedException: 535 authentication failed"}}}}""";
    assertThat(actuator(body).complaints())
        .containsExactly(
            new Complaint(
                "mail",
                "jakarta.mail.AuthenticationFailedException: 535 authentication failed",
                false));
  }

  @Test
  void theFailingPartOfACompositeSpeaksForIt() {
    String body =
        """
        {"status":"DOWN","components":{"db":{"status":"DOWN","components":{
          "primary":{"status":"DOWN","details":{"error":"connect timed out"}},
          "replica":{"status":"UP","details":{"error":"none of this"}}}}}}""";
    assertThat(actuator(body).complaints())
        .containsExactly(new Complaint("db/primary", "connect timed out", true));
  }

  @Test
  void theOlderShapesOfActuatorAreReadToo() {
    String two =
        "{'status':'DOWN','details':{'db':{'status':'DOWN','details':{'error':'refused'}}}}";
    String one = "{'status':'DOWN','db':{'status':'DOWN','error':'refused','message':'no way'}}";
    assertThat(actuator(two.replace('\'', '"')).complaints())
        .containsExactly(new Complaint("db", "refused", true));
    assertThat(actuator(one.replace('\'', '"')).complaints())
        .containsExactly(new Complaint("db", "refused no way", true));
  }

  @Test
  void failingChecksOfTheHealthDraftAreRead() {
    String body =
        """
        {"status":"fail","output":"degraded","checks":{
          "postgres:connections":[{"status":"pass","output":"quick"},
            {"status":"fail","output":"password authentication failed"}],
          "queue:depth":[{"status":"fail","output":"no route to host"}]}}""";
    assertThat(read(Backend.Format.HEALTH_JSON, body).complaints())
        .containsExactly(
            new Complaint("postgres:connections", "password authentication failed", true),
            new Complaint("queue:depth", "no route to host", false));
    assertThat(
            read(Backend.Format.HEALTH_JSON, "{\"status\":\"fail\",\"output\":\"refused\"}")
                .complaints())
        .containsExactly(new Complaint("", "refused", true));
  }

  @ParameterizedTest
  @CsvSource({
    "db,true",
    "r2dbc,true",
    "ordersDb,true",
    "orders-db,true",
    "dataSource,true",
    "databaseHealth,true",
    "hikari-pool,true",
    "payments,true",
    "mail,false",
    "mongoDb,false",
    "influxDb,false",
    "kafka,false"
  })
  void componentsAreToldApartByName(String name, boolean dependency) {
    assertThat(
            new Components(List.of("orders-db", "payments"), Set.of()).dependency(name, "refused"))
        .isEqualTo(dependency);
  }

  @Test
  void aTextThatNamesTheDriverIsOfTheDatabaseWhateverTheName() {
    assertThat(
            new Components(List.of(), Set.of())
                .dependency("orders", "o.postgresql.util.PSQLException"))
        .isTrue();
  }

  @Test
  void poolFiguresAreFoundUnderEitherName() {
    String hikari =
        """
        {"status":"UP","components":{"pool":{"status":"UP","details":{"activeConnections":10,
          "idleConnections":0,"totalConnections":10,"maximumPoolSize":10,
          "threadsAwaitingConnection":7}}}}""";
    String r2dbc =
        """
        {"status":"UP","pool":{"acquiredSize":4,"allocatedSize":10,"idleSize":0,
          "maxAllocatedSize":10,"pendingAcquireSize":3}}""";
    assertThat(actuator(hikari).pool()).isEqualTo(new PoolFigures(10, 10, 0, 10, 7));
    assertThat(actuator(r2dbc).pool()).isEqualTo(new PoolFigures(10, 4, 0, 10, 3));
    assertThat(actuator("{\"status\":\"UP\",\"idle\":3}").pool()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>connection refused</html>", "[1]", "{\"a\":", "null", "7"})
  void whatIsNoHealthBodySaysNothing(String body) {
    assertThat(actuator(body).complaints()).isEmpty();
    assertThat(read(Backend.Format.HEALTH_JSON, body).complaints()).isEmpty();
  }

  @Test
  void aDeepOrLongBodyIsBounded() {
    assertThat(actuator("{\"a\":".repeat(10_000)).complaints()).isEmpty();
    StringBuilder many = new StringBuilder("{\"status\":\"DOWN\",\"components\":{\"x\":{}");
    for (int i = 0; i < 200; i++) {
      many.append(
          ",\"db%d\":{\"status\":\"DOWN\",\"error\":\"%s\"}".formatted(i, "e".repeat(2_000)));
    }
    List<Complaint> complaints = actuator(many.append("}}").toString()).complaints();
    assertThat(complaints).hasSize(16).allMatch(c -> c.text().length() == 600);
  }

  private static HealthBody actuator(String body) {
    return read(Backend.Format.ACTUATOR, body);
  }

  private static HealthBody read(Backend.Format format, String body) {
    return HealthBody.read(format, body.getBytes(StandardCharsets.UTF_8), List.of("orders-db"));
  }
}
