package dev.sluice.probes.verdict;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What error texts of drivers, pools and servers speak of; the first pattern that is found wins.
 */
public final class TextPatterns {
  private static final int LONGEST = 16_384;

  /** In order: what is said after a connection stands comes before what is said instead of one. */
  private static final List<Line> LINES =
      List.of(
          line(
              "(relation|column|function|schema|type) .{0,200}does not exist|\\b(42P01|42703|42883)\\b",
              Detail.SCHEMA),
          line("permission denied for|\\b42501\\b", Detail.GRANTS),
          line(
              "database .{0,200}does not exist|database does not exist|\\b3D000\\b",
              Detail.MISSING_DATABASE),
          line("no pg_hba\\.conf entry|pg_hba\\.conf rejects", Detail.ACCESS_RULE),
          line(
              "authentication failed|\\b28P01\\b|connection string|invalid dsn",
              Detail.CREDENTIALS),
          line(
              "too many clients|remaining connection slots|too many connections|\\b53300\\b",
              Detail.CONNECTIONS_EXHAUSTED),
          line(
              "system is (starting up|shutting down|in recovery|not yet accepting)|\\b57P0[123]\\b"
                  + "|terminating connection due to administrator",
              Detail.RESTARTING),
          line("read-only transaction|\\b25006\\b", Detail.READ_ONLY_NODE),
          line("no space left on device|could not extend file|\\b53100\\b", Detail.DISK_FULL),
          line("out of memory|\\b53200\\b", Detail.OUT_OF_MEMORY),
          line("lock timeout|deadlock detected|\\b55P03\\b|\\b40P01\\b", Detail.LOCK_WAIT),
          line("statement timeout|\\b57014\\b", Detail.SLOW_QUERY),
          line(
              "connection acquisition timed out|connection is not available, request timed out"
                  + "|pool (is )?(exhausted|empty)|maximum pending acquire",
              Detail.POOL_EXHAUSTED),
          line("connection creation timed out|stuck creat", Detail.POOL_STUCK),
          line("unsupported startup parameter|\\b08P01\\b|pgbouncer", Detail.POOLER),
          line("\\b(ssl|tls)\\b|certificate|pkix|ssl(exception|handshake)", Detail.TLS),
          line(
              "unknown ?host|name or service not known|could not translate host name|nxdomain"
                  + "|getaddrinfo ENOTFOUND",
              Detail.DNS_NO_SUCH_NAME),
          line("temporary failure in name resolution|servfail|EAI_AGAIN", Detail.DNS_FAILURE),
          line(
              "no route to host|network (is )?unreachable|ENETUNREACH|EHOSTUNREACH",
              Detail.VPC_PATH),
          line("connection refused|ECONNREFUSED", Detail.SERVER_REFUSING),
          line(
              "connect(ion)? ?(attempt )?time(d )?-?out|ETIMEDOUT|could not connect to server"
                  + "|cannot connect to",
              Detail.INSTANCE_UNREACHABLE),
          line(
              "connection (is |was |has been )?(unexpectedly )?closed|connection reset|broken pipe"
                  + "|ECONNRESET|\\b0800[0136]\\b",
              Detail.SILENT_SERVER));

  private TextPatterns() {}

  /** The detail that a text speaks of; null when it speaks of none. */
  public static @Nullable Detail read(@Nullable String text) {
    if (text == null) {
      return null;
    }
    String bounded = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    for (Line line : LINES) {
      if (line.pattern.matcher(bounded).find()) {
        return line.detail;
      }
    }
    return null;
  }

  private static Line line(String pattern, Detail detail) {
    return new Line(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), detail);
  }

  private record Line(Pattern pattern, Detail detail) {}
}
