package dev.sluice.probes.ladder;

import dev.sluice.config.Target;
import dev.sluice.probes.verdict.Sessions;
import dev.sluice.probes.verdict.Signal;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.NetUtil;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.client.SSLMode;
import io.r2dbc.spi.Row;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One un-pooled session through the driver, to an address that was resolved before: the driver
 * would resolve on its event loop. Its socket comes from {@link Sockets}.
 */
final class PostgresSession {
  private static final String SESSIONS =
      """
      with held as (
        select usename::text as role, datname = current_database() as here, pid,
          coalesce(nullif(application_name, ''), 'unnamed') as application
        from pg_stat_activity
        where usename is not null and datname is not null
          and coalesce(backend_type, 'client backend') = 'client backend')
      select current_setting('max_connections')::int
          - current_setting('superuser_reserved_connections')::int
          - coalesce(current_setting('reserved_connections', true), '0')::int,
        (count(*) filter (where here and role <> current_user))::int,
        (count(*) filter (where role = current_user and pid <> pg_backend_pid()))::int,
        (count(*) filter (where not here and role <> current_user))::int,
        (select role || '/' || application from held where pid <> pg_backend_pid()
          group by role, application order by count(*) desc, 1 limit 1),
        least(
          (select case when rolconnlimit >= 0 then rolconnlimit end
            from pg_roles where rolname = current_user)
            - count(*) filter (where role = current_user),
          (select case when datconnlimit >= 0 then datconnlimit end
            from pg_database where datname = current_database())
            - count(*) filter (where here))::int
      from held""";

  private final PostgresqlConnection connection;

  private PostgresSession(PostgresqlConnection connection) {
    this.connection = connection;
  }

  /**
   * Opens a session.
   *
   * @param believed the authorities of the server's certificate; empty: those of the platform
   */
  static Mono<PostgresSession> open(
      Target.Postgres target,
      InetSocketAddress address,
      List<X509Certificate> believed,
      Sockets sockets,
      Duration limit) {
    PostgresqlConnectionConfiguration.Builder builder =
        builder(target, sockets, limit)
            .host(address.getAddress().getHostAddress())
            .port(address.getPort())
            .tcpKeepAlive(true);
    if (!NetUtil.isValidIpV4Address(target.host()) && !target.host().contains(":")) {
      // The driver would name the address it connects to, which is no name.
      builder.sslSni(false).sslParameters(ignored -> named(target));
    }
    // The driver would read the authorities' file on an event loop.
    builder.sslContextBuilderCustomizer(
        tls ->
            (believed.isEmpty() ? tls : tls.trustManager(believed)).sslProvider(SslProvider.JDK));
    return open(builder);
  }

  /** Opens a session by the socket's file of the target. */
  static Mono<PostgresSession> local(Target.Postgres target, Sockets sockets, Duration limit) {
    return open(builder(target, sockets, limit).socket(String.valueOf(target.socket())));
  }

  private static PostgresqlConnectionConfiguration.Builder builder(
      Target.Postgres target, Sockets sockets, Duration limit) {
    PostgresqlConnectionConfiguration.Builder builder =
        PostgresqlConnectionConfiguration.builder()
            .username(target.user())
            .database(target.database())
            .connectTimeout(limit)
            .autodetectExtensions(false)
            .loopResources(sockets)
            .sslMode(mode(target.ssl()));
    return target.password() == null ? builder : builder.password(target.password().reveal());
  }

  private static Mono<PostgresSession> open(PostgresqlConnectionConfiguration.Builder builder) {
    return new PostgresqlConnectionFactory(builder.build()).create().map(PostgresSession::new);
  }

  /** Answers once the server answered; the query must return at least one row. */
  Mono<Void> selectOne() {
    return run("SELECT 1");
  }

  /** Fails with the SQLSTATE 25006 when the node takes no writes. */
  Mono<Void> writable() {
    String sql = "SELECT pg_is_in_recovery(), current_setting('transaction_read_only') = 'on'";
    return Flux.from(connection.createStatement(sql).execute())
        .concatMap(r -> r.map((row, meta) -> List.of(is(row.get(0)), is(row.get(1)))))
        .next()
        .flatMap(
            flags ->
                flags.contains(true) ? Mono.error(readOnly(flags.get(0))) : Mono.<Void>empty());
  }

  /**
   * Asks who holds the server's connections, for a second at most. Roles, databases and application
   * names may be seen by all; without pg_monitor the kind of a session may not, and workers of
   * parallel queries are counted as sessions.
   */
  Mono<Sessions> sessions() {
    return run("SET statement_timeout = 1000")
        .thenMany(connection.createStatement(SESSIONS).execute())
        .concatMap(r -> r.map((row, meta) -> sessions(row)))
        .next();
  }

  private static Sessions sessions(Row row) {
    Integer left = row.get(5, Integer.class);
    return new Sessions(
        count(row, 0),
        count(row, 1),
        count(row, 2),
        count(row, 3),
        String.valueOf(row.get(4)),
        left == null ? Sessions.UNLIMITED : Math.max(0, left));
  }

  private static int count(Row row, int column) {
    Integer value = row.get(column, Integer.class);
    return value == null ? 0 : value;
  }

  /**
   * Runs the operator's query to its end, under the server's own timeouts. They are set by SET,
   * because poolers refuse unknown startup parameters.
   */
  Mono<Void> query(String sql, Duration statement, Duration lock) {
    return run("SET statement_timeout = " + statement.toMillis())
        .then(run("SET lock_timeout = " + lock.toMillis()))
        .then(run(sql));
  }

  /** Says goodbye and closes. */
  Mono<Void> close() {
    return connection.close();
  }

  private Mono<Void> run(String sql) {
    return Flux.from(connection.createStatement(sql).execute())
        .concatMap(r -> r.map((row, meta) -> Boolean.TRUE))
        .then();
  }

  private static boolean is(@Nullable Object value) {
    return Boolean.TRUE.equals(value);
  }

  private static RungFailure readOnly(boolean standby) {
    return RungFailure.state(
        "25006",
        Signal.READ_ONLY,
        standby
            ? "The node is in recovery: a standby that takes no writes."
            : "transaction_read_only is on: the node takes no writes.");
  }

  private static SSLMode mode(Target.SslMode mode) {
    return switch (mode) {
      case DISABLE -> SSLMode.DISABLE;
      case PREFER -> SSLMode.PREFER;
      case REQUIRE -> SSLMode.REQUIRE;
      // The driver would hold the name against the address that it connects to.
      case VERIFY_CA, VERIFY_FULL -> SSLMode.VERIFY_CA;
    };
  }

  private static SSLParameters named(Target.Postgres target) {
    SSLParameters parameters = new SSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(target.host())));
    if (target.ssl() == Target.SslMode.VERIFY_FULL) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    return parameters;
  }
}
