package dev.sluice.servers;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.awaitility.Awaitility;
import org.tukaani.xz.XZInputStream;

/**
 * A PostgreSQL of its own in a temporary folder, in the foreground, so that its process is the
 * postmaster. As root it runs as nobody, because PostgreSQL refuses root. Closing stops it and
 * deletes the folder.
 */
public final class PostgresServer implements AutoCloseable {
  private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
  private static final Duration START = Duration.ofSeconds(30);

  private final Path home;
  private final int port;
  private Process postmaster;

  private PostgresServer(Path home, int port, Process postmaster) {
    this.home = home;
    this.port = port;
    this.postmaster = postmaster;
  }

  /** A server with role probe, database orders and SCRAM for every login over TCP. */
  public static PostgresServer start(String password) throws IOException {
    return start(password, null, null);
  }

  /** The same with TLS, if a certificate and its key are given as PEM. */
  public static PostgresServer start(String password, String certificate, String key)
      throws IOException {
    Path home = Files.createTempDirectory("sluice-postgres");
    open(home);
    unpack(home);
    Path secret = Files.writeString(home.resolve("secret"), password);
    run(
        home,
        home.resolve("bin/initdb").toString(),
        "--pgdata=" + home.resolve("data"),
        "--username=probe",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
        "--pwfile=" + secret);
    if (certificate != null) {
      secure(home, certificate, key);
    }
    int port = freePort();
    PostgresServer server = new PostgresServer(home, port, launch(home, port));
    Awaitility.await().atMost(START).pollInterval(Duration.ofMillis(20)).until(server::ready);
    return server;
  }

  public int port() {
    return port;
  }

  /** Freezes the postmaster and its children; continued by {@link #resume()}. */
  public void freeze() throws IOException {
    signal("STOP");
  }

  public void resume() throws IOException {
    signal("CONT");
  }

  /** Ends it with SIGKILL, its children with it; what was committed is on the disk. */
  public void kill() throws IOException {
    signal("KILL");
    Awaitility.await().atMost(START).until(() -> !postmaster.isAlive());
  }

  /** Starts it again on the same port, after it was killed. */
  public void restart() throws IOException {
    Files.deleteIfExists(home.resolve("data/postmaster.pid"));
    postmaster = launch(home, port);
    Awaitility.await().atMost(START).pollInterval(Duration.ofMillis(20)).until(this::ready);
  }

  /** The file of its Unix domain socket. */
  public Path socket() {
    return home.resolve(".s.PGSQL." + port());
  }

  @Override
  public void close() throws IOException {
    resume();
    postmaster.destroy();
    Awaitility.await().atMost(START).until(() -> !postmaster.isAlive());
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private void signal(String name) throws IOException {
    List<String> kill = new ArrayList<>(List.of("kill", "-" + name, "" + postmaster.pid()));
    postmaster.descendants().forEach(child -> kill.add("" + child.pid()));
    exit(new ProcessBuilder(kill).redirectErrorStream(true).start());
  }

  private boolean ready() throws IOException {
    Path pid = home.resolve("data/postmaster.pid");
    List<String> lines = Files.exists(pid) ? Files.readAllLines(pid) : List.of();
    return lines.size() >= 8 && lines.get(7).strip().equals("ready");
  }

  private static Process launch(Path home, int port) throws IOException {
    return process(
            home,
            home.resolve("bin/postgres").toString(),
            "-D",
            home.resolve("data").toString(),
            "-c",
            "port=" + port,
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=" + home,
            "-c",
            "fsync=off",
            "-c",
            "shared_buffers=16MB")
        .redirectOutput(home.resolve("server.log").toFile())
        .start();
  }

  /** The server wants a key that only its own user may read. */
  private static void secure(Path home, String certificate, String key) throws IOException {
    Path data = home.resolve("data");
    Files.writeString(data.resolve("server.crt"), certificate);
    Path secret = Files.writeString(data.resolve("server.key"), key);
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Files.setOwner(secret, Files.getOwner(data));
    Files.writeString(data.resolve("postgresql.conf"), "\nssl = on\n", StandardOpenOption.APPEND);
  }

  private static void run(Path home, String... command) throws IOException {
    finish(process(home, command).start());
  }

  private static void finish(Process process) throws IOException {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (exit(process) != 0) {
      throw new IOException("A command of the test server failed: " + output);
    }
  }

  /** A child that ended meanwhile makes kill fail: that is no fault. */
  private static int exit(Process process) throws IOException {
    try {
      return process.waitFor(START.toSeconds(), TimeUnit.SECONDS) ? process.exitValue() : -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static ProcessBuilder process(Path home, String... command) {
    List<String> words = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      words.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    }
    words.addAll(List.of(command));
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.directory(home.toFile());
    builder.environment().put("LC_ALL", "C");
    return builder;
  }

  private static void unpack(Path home) throws IOException {
    try (InputStream archive = PostgresServer.class.getResourceAsStream(ARCHIVE);
        TarArchiveInputStream tar =
            new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpack(tar, entry, home.resolve(entry.getName()).normalize());
      }
    }
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path file)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(file);
      return;
    }
    Files.createDirectories(file.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
    } else {
      Files.copy(tar, file);
      if ((entry.getMode() & 0100) != 0) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
  }

  /** Everyone may write, so that the unprivileged server can make its folders here. */
  private static void open(Path home) throws IOException {
    Files.setPosixFilePermissions(home, Set.of(PosixFilePermission.values()));
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }
}
