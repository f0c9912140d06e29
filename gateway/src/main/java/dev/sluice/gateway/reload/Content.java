package dev.sluice.gateway.reload;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * What route files hold at one moment, as a digest of names and bytes: times say nothing where a
 * link is turned or a clock is coarse. Blocks on file reads.
 */
final class Content {
  /** Beyond it a route file is refused anyway. */
  private static final int MOST = (1 << 20) + 1;

  private final MessageDigest digest;

  private Content() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The digest of files, and of the {@code *.yaml} files of folders. Never throws. */
  static String of(List<Path> paths) {
    Content content = new Content();
    paths.forEach(content::add);
    return HexFormat.of().formatHex(content.digest.digest());
  }

  private void add(Path path) {
    if (!Files.isDirectory(path)) {
      file(path);
      return;
    }
    try (Stream<Path> files = Files.list(path)) {
      files.filter(file -> file.toString().endsWith(".yaml")).sorted().forEach(this::file);
    } catch (IOException | UncheckedIOException e) {
      part(path + " unreadable", new byte[0]);
    }
  }

  private void file(Path path) {
    if (!Files.isRegularFile(path)) {
      part(path + " no file", new byte[0]);
      return;
    }
    try (InputStream in = Files.newInputStream(path)) {
      part(path.toString(), in.readNBytes(MOST));
    } catch (IOException e) {
      part(path + " unreadable", new byte[0]);
    }
  }

  /** Lengths first, so that bytes never pass for another file's name. */
  private void part(String name, byte[] bytes) {
    byte[] label = name.getBytes(StandardCharsets.UTF_8);
    digest.update((label.length + " " + bytes.length + " ").getBytes(StandardCharsets.UTF_8));
    digest.update(label);
    digest.update(bytes);
  }
}
