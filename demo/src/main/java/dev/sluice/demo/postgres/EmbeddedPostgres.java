package dev.sluice.demo.postgres;

import dev.sluice.demo.fault.HeldPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of one's own on a loopback port, with passwords checked by SCRAM. Its
 * database {@code orders} belongs to the ordinary role {@code orders}; {@link #execute} speaks as
 * the superuser {@code postgres}, who has the same password.
 *
 * <p>The port stays the same over {@link #kill} and {@link #restart}. All methods may be called
 * from any thread that may block; each has a deadline. When the virtual machine ends in an orderly
 * way, the server ends with it; after a SIGKILL of the virtual machine it stays.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final String ROLE = "orders";
  private static final int MAX_CONNECTIONS = 50;

  private final Cluster cluster;
  private final HeldPort port;
  private final int maxConnections;
  private final Runnable cleaning;
  private Postmaster postmaster;

  private EmbeddedPostgres(Path folder, int maxConnections, Runnable cleaning) {
    this.cluster = Cluster.open(folder);
    this.maxConnections = maxConnections;
    this.cleaning = cleaning;
    this.port = HeldPort.take();
    this.postmaster = cluster.run(port.number(), maxConnections);
  }

  /** Starts a server whose files are deleted when it is closed. */
  public static EmbeddedPostgres start() {
    return start(MAX_CONNECTIONS);
  }

  /** Starts a server with this {@code max_connections}; three of them are the superuser's. */
  public static EmbeddedPostgres start(int maxConnections) {
    Path folder = Leftovers.folder("sluice-database-");
    try {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      return start(folder, maxConnections, () -> Leftovers.drop(folder));
    } catch (IOException e) {
      Leftovers.drop(folder);
      throw new UncheckedIOException("There is no folder for a database", e);
    } catch (RuntimeException e) {
      Leftovers.drop(folder);
      throw e;
    }
  }

  /** Starts a server with its files in the folder, which are kept and serve the next start too. */
  public static EmbeddedPostgres start(Path folder) {
    return start(folder, MAX_CONNECTIONS, () -> {});
  }

  private static EmbeddedPostgres start(Path folder, int maxConnections, Runnable cleaning) {
    EmbeddedPostgres server = new EmbeddedPostgres(folder, maxConnections, cleaning);
    try {
      server.prepare();
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  public int port() {
    return port.number();
  }

  /** The ordinary role that applications use. */
  public String user() {
    return ROLE;
  }

  public String password() {
    return cluster.password();
  }

  public String database() {
    return ROLE;
  }

  /** The R2DBC URL with role and password. */
  public String url() {
    return url(port());
  }

  /** The same by way of a proxy on this loopback port. */
  public String url(int viaPort) {
    return "r2dbc:postgresql://%s:%s@127.0.0.1:%d/%s"
        .formatted(user(), password(), viaPort, database());
  }

  /** Runs statements as the superuser in the database of the applications. */
  public void execute(String sql) {
    superuser(database()).execute(sql);
  }

  /** Runs statements as the superuser in another database than that of the applications. */
  public void administer(String sql) {
    superuser("postgres").execute(sql);
  }

  /** The first column of the answer, as text. */
  public List<String> query(String sql) {
    return superuser(database()).query(sql);
  }

  /** How many lines of the server's log hold this text. */
  public long logged(String text) {
    try (Stream<String> lines = Files.lines(cluster.log(), StandardCharsets.ISO_8859_1)) {
      return lines.filter(line -> line.contains(text)).count();
    } catch (IOException e) {
      throw new UncheckedIOException("The log of PostgreSQL cannot be read", e);
    }
  }

  /** The process ids of the server, the postmaster's first; empty when it is not running. */
  public synchronized List<Long> pids() {
    return postmaster.alive()
        ? postmaster.processes().stream().map(ProcessHandle::pid).toList()
        : List.of();
  }

  /** Ends all processes at once, as a crash would. */
  public synchronized void kill() {
    postmaster.kill();
  }

  /** Shuts down in an orderly way: open sessions get SQLSTATE 57P01. */
  public synchronized void stop() {
    postmaster.stopFast();
  }

  /** Stops all processes where they are: the kernel still accepts, nobody answers. */
  public synchronized void freeze() {
    postmaster.freeze();
  }

  /** Lets frozen processes go on. */
  public synchronized void thaw() {
    postmaster.thaw();
  }

  /** Starts the server again on the same port, after killing what is left of it. */
  public synchronized void restart() {
    restartAs(Node.PRIMARY);
  }

  /** Starts the server again as what another failover would have made of it. */
  public synchronized void restartAs(Node node) {
    if (postmaster.alive()) {
      postmaster.kill();
    }
    postmaster = cluster.run(port.number(), maxConnections, node);
  }

  /** Shuts down as soon as the open sessions end: until then new ones get SQLSTATE 57P03. */
  public synchronized void stopSmart() {
    postmaster.stopSmart();
  }

  /** Puts an access rule (a line of pg_hba.conf) before all others. */
  public synchronized void rule(String line) {
    cluster.rule(line);
    execute("select pg_reload_conf()");
  }

  /** Takes a rule out again, by the same line. */
  public synchronized void unrule(String line) {
    cluster.unrule(line);
    execute("select pg_reload_conf()");
  }

  @Override
  public synchronized void close() {
    postmaster.kill();
    port.close();
    cleaning.run();
  }

  private void prepare() {
    Session session = superuser("postgres");
    if (session.query("select 1 from pg_roles where rolname = '" + ROLE + "'").isEmpty()) {
      session.execute("create role " + ROLE + " login password '" + password() + "'");
      session.execute("create database " + database() + " owner " + ROLE);
    }
  }

  private Session superuser(String database) {
    return new Session(port(), "postgres", password(), database);
  }
}
