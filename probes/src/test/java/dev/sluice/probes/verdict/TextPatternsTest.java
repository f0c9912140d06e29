package dev.sluice.probes.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextPatternsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dial tcp 10.0.0.3:5432: connection timeout|INSTANCE_UNREACHABLE",
        "connection timed out after 2000 ms|INSTANCE_UNREACHABLE",
        "Connection refused: /10.0.0.3:5432|SERVER_REFUSING",
        "Cannot exchange messages because the connection is closed [SQLSTATE 08006]|SILENT_SERVER",
        "the connection was closed|SILENT_SERVER",
        "[08001] unable to connect|SILENT_SERVER",
        "No route to host|VPC_PATH",
        "connect: network unreachable|VPC_PATH",
        "Network is unreachable|VPC_PATH",
        "could not connect to server|INSTANCE_UNREACHABLE",
        "invalid connection string|CREDENTIALS",
        "FATAL: password authentication failed for user \"x\"|CREDENTIALS",
        "authentication failed|CREDENTIALS",
        "database does not exist|MISSING_DATABASE",
        "FATAL: database \"orders\" does not exist|MISSING_DATABASE",
        "ERROR: relation \"orders\" does not exist|SCHEMA",
        "permission denied for table orders|GRANTS",
        "no pg_hba.conf entry for host, no encryption|ACCESS_RULE",
        "FATAL: sorry, too many clients already|CONNECTIONS_EXHAUSTED",
        "the database system is starting up|RESTARTING",
        "cannot execute INSERT in a read-only transaction|READ_ONLY_NODE",
        "Connection acquisition timed out after 3000ms|POOL_EXHAUSTED",
        "HikariPool-1 - Connection is not available, request timed out|POOL_EXHAUSTED",
        "canceling statement due to statement timeout|SLOW_QUERY",
        "canceling statement due to lock timeout|LOCK_WAIT",
        "could not translate host name \"db\" to address|DNS_NO_SUCH_NAME",
        "SSL error: certificate verify failed|TLS",
        "could not extend file: No space left on device|DISK_FULL"
      })
  void readsWhatDriversAndServersSay(String text, Detail detail) {
    assertThat(TextPatterns.read(text)).isEqualTo(detail);
  }

  @Test
  void readsNothingIntoOtherTexts() {
    assertThat(TextPatterns.read("{\"status\":\"DOWN\"}")).isNull();
    assertThat(TextPatterns.read(null)).isNull();
    assertThat(TextPatterns.read("x".repeat(1_000_000))).isNull();
  }
}
