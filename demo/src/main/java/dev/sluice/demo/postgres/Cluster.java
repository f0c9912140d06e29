package dev.sluice.demo.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The folder of one database cluster: its data, its log and its password. */
final class Cluster {
  private static final long INITDB_SECONDS = 60;

  private final Path folder;
  private final Path binaries;
  private final String password;
  private final Runner runner;

  private Cluster(Path folder, Path binaries, String password, Runner runner) {
    this.folder = folder;
    this.binaries = binaries;
    this.password = password;
    this.runner = runner;
  }

  /** Opens the cluster in the folder, making one where there is none. */
  static Cluster open(Path folder) {
    Path binaries = Binaries.unpacked();
    try {
      Path data = Leftovers.step(() -> Files.createDirectories(folder.resolve("data")));
      Path secret = data.resolveSibling("password");
      if (!Files.exists(data.resolve("PG_VERSION"))) {
        Cluster template = Template.of(binaries);
        Leftovers.step(() -> copy(template.data(), data));
        Leftovers.step(() -> Files.writeString(secret, template.password()));
      }
      return of(folder, binaries, Files.readString(secret));
    } catch (IOException e) {
      throw new UncheckedIOException("No database cluster can be made in " + folder, e);
    }
  }

  private static Cluster of(Path folder, Path binaries, String password) {
    Path data = folder.resolve("data");
    Runner runner = Leftovers.step(() -> Runner.of(data, binaries.resolve("bin/postgres")));
    return new Cluster(folder, binaries, password, runner);
  }

  /**
   * What initdb makes takes it two seconds of a processor, and is the same each time: it makes one
   * for a virtual machine, and all others are copies.
   */
  private static final class Template {
    private static @Nullable Cluster made;

    private Template() {}

    static synchronized Cluster of(Path binaries) throws IOException {
      Cluster known = made;
      if (known == null) {
        Path folder = Leftovers.folder("sluice-template-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Leftovers.step(() -> Files.createDirectories(folder.resolve("data")));
        known = Cluster.of(folder, binaries, random());
        known.initialise();
        made = known;
      }
      return known;
    }
  }

  /** As it is, owners aside. */
  private static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(file -> !file.equals(from)).toList()) {
        Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
  }

  String password() {
    return password;
  }

  Postmaster run(int port, int maxConnections) {
    return run(port, maxConnections, Node.PRIMARY);
  }

  Postmaster run(int port, int maxConnections, Node node) {
    Path signal = data().resolve("standby.signal");
    try {
      Files.deleteIfExists(signal);
      if (node != Node.PRIMARY) {
        Files.createFile(signal);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The server's role cannot be set in " + data(), e);
    }
    List<String> command = new ArrayList<>(server(port, maxConnections));
    command.addAll(List.of("-c", "hot_standby=" + (node == Node.DEAF_STANDBY ? "off" : "on")));
    return Postmaster.start(command, data(), log());
  }

  /** Puts a line before all others of the access rules; the server must be told to read them. */
  void rule(String line) {
    edited(rules -> line + "\n" + rules);
  }

  /** Takes the line out again. */
  void unrule(String line) {
    edited(rules -> rules.replace(line + "\n", ""));
  }

  private void edited(UnaryOperator<String> edit) {
    Path rules = data().resolve("pg_hba.conf");
    try {
      Files.writeString(rules, edit.apply(Files.readString(rules)));
    } catch (IOException e) {
      throw new UncheckedIOException("The access rules cannot be changed in " + rules, e);
    }
  }

  Path data() {
    return folder.resolve("data");
  }

  Path log() {
    return folder.resolve("postgres.log");
  }

  private void initialise() throws IOException {
    Path secret = Leftovers.step(this::secret);
    try {
      int exit = Commands.run(runner.command(initdb(secret)), log().toFile(), INITDB_SECONDS);
      if (exit != 0) {
        throw new IllegalStateException(
            "initdb ended with status " + exit + ": " + Postmaster.tail(log()));
      }
    } finally {
      Files.deleteIfExists(secret);
    }
  }

  private Path secret() throws IOException {
    Path secret = Files.writeString(Files.createTempFile(folder, "secret-", ""), password + "\n");
    // Nobody may read it where nobody is the user; initdb itself reads it only once.
    return Files.setAttribute(secret, "unix:uid", Files.getAttribute(data(), "unix:uid"));
  }

  private List<String> initdb(Path secret) {
    return List.of(
        binaries.resolve("bin/initdb").toString(),
        "--pgdata=" + data(),
        "--username=postgres",
        "--pwfile=" + secret,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
        "--no-instructions");
  }

  private List<String> server(int port, int maxConnections) {
    return runner.command(
        List.of(
            binaries.resolve("bin/postgres").toString(),
            "-D",
            data().toString(),
            "-p",
            Integer.toString(port),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
            "-c",
            "max_connections=" + maxConnections,
            "-c",
            "max_wal_senders=0",
            "-c",
            "wal_level=replica",
            "-c",
            "shared_buffers=16MB",
            "-c",
            // A killed process loses nothing by this; only a dying machine would.
            "fsync=off"));
  }

  private static String random() {
    byte[] bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
