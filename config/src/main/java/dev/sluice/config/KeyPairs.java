package dev.sluice.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server's certificate with its chain and its key, in two PEM files (RFC 7468): certificates, and
 * one unencrypted key in PKCS #8. Blocks on the read.
 */
public final class KeyPairs {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private KeyPairs() {}

  /**
   * What the two files hold.
   *
   * @param chain the server's own certificate first
   */
  public record KeyPair(PrivateKey key, List<X509Certificate> chain) {
    public KeyPair {
      chain = List.copyOf(chain);
    }

    /** The server's own certificate. */
    public X509Certificate certificate() {
      return chain.get(0);
    }
  }

  /**
   * Both files, which belong together.
   *
   * @throws IOException with the file and the reason as its message
   */
  public static KeyPair read(Path chain, Path key) throws IOException {
    List<X509Certificate> certificates;
    try {
      certificates = Authorities.read(chain);
    } catch (IOException e) {
      throw new IOException(chain + ": " + e.getMessage(), e);
    }
    PublicKey known = certificates.get(0).getPublicKey();
    try {
      PrivateKey secret = key(key, known.getAlgorithm());
      if (!belongs(secret, known)) {
        throw new IOException("it is not the key of the certificate in " + chain);
      }
      return new KeyPair(secret, certificates);
    } catch (IOException e) {
      throw new IOException(key + ": " + e.getMessage(), e);
    } catch (GeneralSecurityException e) {
      throw new IOException(key + ": it holds no " + known.getAlgorithm() + " key", e);
    }
  }

  private static PrivateKey key(Path file, String algorithm)
      throws IOException, GeneralSecurityException {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new IOException(RouteText.reason(e), e);
    }
    Matcher found = KEY.matcher(text);
    if (!found.find()) {
      throw new IOException(
          text.contains("PRIVATE KEY-----")
              ? "its key is not in PKCS #8; 'openssl pkcs8 -topk8 -nocrypt' writes it so"
              : "it holds no private key");
    }
    byte[] bytes = Base64.getMimeDecoder().decode(found.group(1));
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
  }

  private static boolean belongs(PrivateKey key, PublicKey known) throws GeneralSecurityException {
    String algorithm =
        switch (known.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> known.getAlgorithm();
        };
    byte[] text = "whose key".getBytes(StandardCharsets.US_ASCII);
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(key);
    signing.update(text);
    byte[] signed = signing.sign();
    signing.initVerify(known);
    signing.update(text);
    return signing.verify(signed);
  }

  /** When the first certificate of a chain ends; null where the file cannot be read now. */
  public static @Nullable Instant end(Path chain) {
    try {
      return Authorities.read(chain).stream()
          .map(certificate -> certificate.getNotAfter().toInstant())
          .min(Comparator.naturalOrder())
          .orElse(null);
    } catch (IOException e) {
      return null;
    }
  }

  /** Why they cannot be used; null where they can. */
  static @Nullable String fault(String chain, String key) {
    try {
      read(Path.of(chain), Path.of(key));
      return null;
    } catch (IOException e) {
      return Objects.requireNonNull(e.getMessage());
    } catch (InvalidPathException e) {
      return "this is no path";
    }
  }
}
