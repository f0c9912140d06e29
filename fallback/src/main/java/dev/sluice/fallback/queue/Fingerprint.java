package dev.sluice.fallback.queue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Tells whether two requests with one idempotency key are the same request. */
public final class Fingerprint {
  private Fingerprint() {}

  /** SHA-256 in hex over method, target, content type and the body's own SHA-256. */
  public static String of(String method, String target, @Nullable String contentType, byte[] body) {
    MessageDigest digest = sha256();
    byte[] bodyDigest = digest.digest(body);
    for (String part : new String[] {method, target, contentType == null ? "" : contentType}) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest(bodyDigest));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
