package dev.sluice.gateway.alerts;

import dev.sluice.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Shows a webhook who calls: the header {@code Sluice-Signature: t=SECONDS,v1=HEX}, where HEX is
 * the HMAC-SHA256 (RFC 2104) of {@code SECONDS.BODY} under the webhook's key.
 */
public final class Signature {
  public static final String FIELD = "Sluice-Signature";

  private Signature() {}

  /**
   * The header's value.
   *
   * @param seconds since the epoch, by which a receiver refuses what is old
   */
  public static String of(Secret key, long seconds, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      mac.update((seconds + ".").getBytes(StandardCharsets.US_ASCII));
      return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
