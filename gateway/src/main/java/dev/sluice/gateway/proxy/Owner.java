package dev.sluice.gateway.proxy;

import dev.sluice.config.Principal;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whom a queued write belongs to, as a hash that tells nothing. */
final class Owner {
  private Owner() {}

  /** SHA-256 in hex; null where the declared header is missing or given more than once. */
  static @Nullable String of(Principal principal, HttpHeaders headers) {
    if (principal instanceof Principal.Header header) {
      List<String> values = headers.getAll(header.name());
      boolean one = values.size() == 1 && !values.get(0).isBlank();
      return one
          ? sha256(
              "header " + header.name().toLowerCase(java.util.Locale.ROOT) + " " + values.get(0))
          : null;
    }
    return sha256(principal instanceof Principal.Public ? "public" : "anonymous");
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
