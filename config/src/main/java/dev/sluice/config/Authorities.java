package dev.sluice.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Certificates of authorities, in PEM files (RFC 7468, section 5). Blocks on the read. */
public final class Authorities {
  private static final int LARGEST = 4 << 20;

  private Authorities() {}

  /**
   * All certificates of a file, at least one.
   *
   * @throws IOException where there is none, with the reason as its message
   */
  public static List<X509Certificate> read(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException("it is no regular file");
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(LARGEST + 1);
    } catch (IOException e) {
      throw new IOException(RouteText.reason(e), e);
    }
    if (bytes.length > LARGEST) {
      throw new IOException("it is larger than " + Quantity.print(LARGEST));
    }
    List<X509Certificate> found = parsed(bytes);
    if (found.isEmpty()) {
      throw new IOException("it holds no certificate");
    }
    return found;
  }

  private static List<X509Certificate> parsed(byte[] bytes) throws IOException {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(bytes))
          .stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (CertificateException e) {
      throw new IOException("it holds no certificate that can be read", e);
    }
  }

  /** Why the file cannot be used; null where it can. */
  static @Nullable String fault(String file) {
    try {
      return read(Path.of(file)).isEmpty() ? "it holds no certificate" : null;
    } catch (IOException e) {
      return Objects.requireNonNull(e.getMessage());
    } catch (InvalidPathException e) {
      return "this is no path";
    }
  }
}
