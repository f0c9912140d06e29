package dev.sluice.fallback.request;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A SHA-256 over parts; each part counts with its length, so that no two lists look alike. */
public final class Digest {
  private final MessageDigest sha;

  public Digest() {
    try {
      sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** An absent part differs from an empty one. */
  public Digest add(@Nullable String part) {
    byte[] bytes = part == null ? new byte[0] : part.getBytes(StandardCharsets.UTF_8);
    sha.update(ByteBuffer.allocate(4).putInt(part == null ? -1 : bytes.length).flip());
    sha.update(bytes);
    return this;
  }

  /** Lower-case hex; ends the digest. */
  public String hex() {
    return HexFormat.of().formatHex(sha.digest());
  }
}
