package dev.sluice.gateway.cli;

import dev.sluice.config.Admin;
import dev.sluice.config.Configuration;
import dev.sluice.config.Secret;
import dev.sluice.config.Store;
import dev.sluice.gateway.app.Gateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A gateway of the drill's own, from the same files: on this machine alone, on ports that the
 * system chooses, with a store that is gone afterwards. It reaches the true backends and
 * dependencies, and no user reaches it.
 */
final class DrillGateway implements AutoCloseable {
  private static final String HERE = "127.0.0.1";

  private final Path folder;
  private final Gateway gateway;
  private final String token;

  private DrillGateway(Path folder, Gateway gateway, String token) {
    this.folder = folder;
    this.gateway = gateway;
    this.token = token;
  }

  /** Returns once it listens. */
  static DrillGateway start(Configuration files) throws IOException {
    Path folder = Files.createTempDirectory("sluice-drill-");
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    String token = HexFormat.of().formatHex(random);
    Configuration own =
        files.beside(
            files.listen().at(HERE, 0),
            new Admin(HERE, 0, new Secret(token), null, false),
            store(files.store(), folder));
    try {
      return new DrillGateway(folder, Gateway.start(own), token);
    } catch (RuntimeException e) {
      delete(folder);
      throw e;
    }
  }

  private static @Nullable Store store(@Nullable Store real, Path folder) {
    return real == null ? null : real.in(folder.resolve("drill.db").toString());
  }

  /** Where requests go. */
  URI url() {
    return URI.create("http://" + HERE + ":" + gateway.port());
  }

  AdminPort admin() {
    return new AdminPort(URI.create("http://" + HERE + ":" + gateway.adminPort()), token);
  }

  @Override
  public void close() {
    gateway.close();
    delete(folder);
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
